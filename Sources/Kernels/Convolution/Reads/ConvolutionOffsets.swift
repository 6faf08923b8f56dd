import CKernels

/// Where the vectors of panels are read and written; immutable after `init`.
final class ConvolutionOffsets: @unchecked Sendable {
  /// [sets][panels][taps][blocks] or [taps][rows]
  let reads: UnsafeMutablePointer<Int32>
  /// [panels][blocks]
  let writes: UnsafeMutablePointer<Int32>
  private let (taps, panels, lastUsed): (Int, Int, Int)
  private let tables = Tables()

  /// - Parameters:
  ///   - taps: taps of a set.
  ///   - lastUsed: vectors of the last panel.
  init(reads: [Int], writes: [Int] = [], taps: Int = 1, panels: Int = 1, lastUsed: Int = 0) {
    self.reads = tables.copy(reads)
    self.writes = tables.copy(writes)
    self.taps = taps
    self.panels = panels
    self.lastUsed = lastUsed
  }

  /// Panels of `vectors`, the last one filled up, and where each is read by `taps` taps of each of some sets, and written.
  convenience init<Vector>(
    _ vectors: [Vector], blocks: Int, taps: Int, sets: Int = 1, read: (_ set: Int, _ tap: Int, Vector) -> Int,
    write: (Vector) -> Int
  ) {
    let panels = ceilDivide(vectors.count, blocks)
    let all = vectors + Array(repeating: vectors[0], count: panels * blocks - vectors.count)
    var reads: [Int] = []
    reads.reserveCapacity(sets * taps * all.count)
    for set in 0..<sets {
      for panel in 0..<panels {
        for tap in 0..<taps { for vector in all[panel * blocks..<(panel + 1) * blocks] { reads.append(read(set, tap, vector)) } }
      }
    }
    self.init(
      reads: reads, writes: all.map(write), taps: taps, panels: panels, lastUsed: vectors.count - (panels - 1) * blocks)
  }

  /// The given taps of a gathered panel.
  convenience init(panelTaps taps: [Int], blocks: Int) {
    self.init(
      Array(0..<blocks), blocks: blocks, taps: taps.count, read: { _, tap, vector in 16 * (taps[tap] * blocks + vector) },
      write: { 16 * $0 })
  }

  /// The reads as panels.
  var table: fk_reads { fk_reads(at: reads, taps: taps, panels: panels, last_used: lastUsed) }
  /// The first panels of the reads.
  func table(vectors: Int, blocks: Int) -> fk_reads {
    let panels = ceilDivide(vectors, blocks)
    return fk_reads(at: reads, taps: taps, panels: panels, last_used: vectors - (panels - 1) * blocks)
  }
}
