/// The figures of samples of 8 bits, of which it is known how often each level occurs.
struct LevelFigures: Equatable, Sendable {
  let mean: Double
  /// That of the population: the root of the mean of `(x - mean)^2`.
  let deviation: Double
  /// Of an even number the mean of the two middle ones.
  let median: Double
  /// Of several the least.
  let mode: Double
  let minimum: Double
  let maximum: Double

  /// The figures of samples with these 256 counts, not all of them 0.
  init(_ counts: UnsafeBufferPointer<some FixedWidthInteger>) {
    var (total, sum, most) = (0, 0, 0)
    var levels: (lowest: Int, highest: Int, mode: Int) = (256, 0, 0)
    for level in 0..<256 where counts[level] > 0 {
      let count = Int(counts[level])
      total += count
      sum += count * level
      levels.lowest = min(levels.lowest, level)
      levels.highest = level
      if count > most { (most, levels.mode) = (count, level) }
    }
    precondition(total > 0, "figures of no samples")
    let mean = Double(sum) / Double(total)
    var (squares, passed) = (0.0, 0)
    var middle = (left: -1, right: -1)
    for level in levels.lowest...levels.highest where counts[level] > 0 {
      let distance = Double(level) - mean
      squares += Double(counts[level]) * distance * distance
      passed += Int(counts[level])
      if middle.left < 0 && passed > (total - 1) / 2 { middle.left = level }
      if middle.right < 0 && passed > total / 2 { middle.right = level }
    }
    self.mean = mean
    deviation = (squares / Double(total)).squareRoot()
    median = Double(middle.left + middle.right) / 2
    (mode, minimum, maximum) = (Double(levels.mode), Double(levels.lowest), Double(levels.highest))
  }

  /// The figure of one kind.
  subscript(kind: PixelStatistics.Kind) -> Double {
    switch kind {
    case .mean: mean
    case .deviation: deviation
    case .median: median
    case .mode: mode
    case .minimum: minimum
    case .maximum: maximum
    }
  }
}
