/// Where the vectors of a panel are read and written; immutable after `init`.
final class ConvolutionOffsets: @unchecked Sendable {
  /// [taps][blocks]
  let reads: UnsafeMutablePointer<Int32>
  /// [blocks]
  let writes: UnsafeMutablePointer<Int32>
  let taps: Int

  init(reads: [Int], writes: [Int]) {
    taps = reads.count / writes.count
    self.reads = .allocate(capacity: reads.count)
    self.reads.initialize(from: reads.map(Int32.init), count: reads.count)
    self.writes = .allocate(capacity: writes.count)
    self.writes.initialize(from: writes.map(Int32.init), count: writes.count)
  }

  deinit {
    reads.deallocate()
    writes.deallocate()
  }

  /// The given taps of a gathered panel.
  static func panel(taps: [Int], blocks: Int) -> ConvolutionOffsets {
    let vectors = (0..<blocks).map { 16 * $0 }
    return ConvolutionOffsets(reads: taps.flatMap { tap in vectors.map { tap * 16 * blocks + $0 } }, writes: vectors)
  }
}
