import CKernels

/// How a range of target rows is read: the source rows prepared for it and where each tap finds its pixels there.
/// Immutable after `init`.
final class ConvolutionExpansion: @unchecked Sendable {
  let table: UnsafeMutablePointer<fk_expansion>
  /// Floats of one prepared plane.
  let planeCount: Int
  let targetRows: Range<Int>
  /// Floats from one prepared row to the next.
  let pitch: Int
  /// Where what belongs to a row begins, `pitch` floats of it.
  let start: Int
  /// Floats in front of a row's first pixel.
  private let lead: Int
  /// [vertical taps][target rows] and [horizontal taps][target columns]: the two parts of a place.
  private let rowPlaces: [Int]
  private let columnPlaces: [Int]
  private let width: Int
  private let tables = Tables()

  /// The rows that the vertical taps read. `piece` is the number of pixels that are read at once: 16, or the width of a smaller
  /// target.
  ///
  /// Requires `reads.lists.offsets`.
  convenience init(_ reads: ConvolutionTaps, rows targetRows: Range<Int>, piece: Int) {
    var slots: [[Int]: Int] = [:], rows: [[Int]] = []
    for y in targetRows {
      for tap in reads.lists.rows where slots[tap[y]] == nil {
        slots[tap[y]] = slots.count
        rows.append(tap[y])
      }
    }
    let taken = reads.lists.rows.flatMap { tap in targetRows.map { slots[tap[$0]]! } }
    self.init(reads, sources: rows, taken: taken, rows: targetRows, piece: piece)
  }

  /// The rows that are sums of source rows, `sources`; of them the taps read `taken`: [vertical taps][target rows].
  init(_ reads: ConvolutionTaps, sources: [[Int]], taken: [Int] = [], rows targetRows: Range<Int>, piece: Int) {
    let lists = reads.lists, offsets = lists.offsets!
    let starts = Self.pieces(width: lists.target.width, piece: piece)
    let first = offsets.min()!, last = lists.step * lists.target.width - 1 + offsets.max()!
    let left = max(0, -first), right = max(0, last - (lists.source.width - 1))
    let rowStarts = sources.reduce(into: [0]) { $0.append($0.last! + $1.count) }

    // A column outside the source is the border: what most taps read there; what they read besides makes a patch.
    func border(_ column: Int) -> Int {
      for (tap, offset) in offsets.enumerated() {
        let x = column - offset
        if lists.target.width > x, x >= 0 {
          let list = lists.columns[tap][x]
          return list.count == 1 ? list[0] : -1
        }
      }
      return -1
    }
    let zeros = reads.bordersAreZero
    let outside = Array(-left..<0) + Array(lists.source.width..<lists.source.width + right)
    let borders = outside.map { zeros ? -1 : border($0) }

    var patches: [fk_patch] = [], extras: [Int] = [], places: [[Int]: Int] = [:]
    // Vectors are stored where lines of memory begin.
    let grain = piece == 16 ? 16 : 1
    func up(_ count: Int) -> Int { ceilDivide(count, grain) * grain }
    let lead = up(left)
    var end = up(lists.source.width + right)
    func addPatch(tap: Int, x: Int, count: Int, always: Bool) {
      var pairs: [Int] = []
      for i in 0..<count {
        let regular = lists.step * (x + i) + offsets[tap]
        for j in lists.columns[tap][x + i] where j < regular || j >= regular + lists.step { pairs += [i, j] }
      }
      if pairs.isEmpty && !always { return }
      patches.append(
        fk_patch(
          from: lists.step * x + offsets[tap], to: end, count: count, extra_first: extras.count / 2,
          extra_count: pairs.count / 2))
      extras += pairs
      places[[tap, x]] = end
      end += up(count)
    }
    for tap in offsets.indices where zeros {
      // In steps of 2 a tap's pixels lie side by side only in a patch.
      if lists.step == 2 {
        addPatch(tap: tap, x: 0, count: lists.target.width, always: true)
      } else {
        for x in starts { addPatch(tap: tap, x: x, count: piece, always: false) }
      }
    }
    let shared = patches.isEmpty && left + right <= lead
    let pitch = lead + (shared ? up(lists.source.width) : end)
    table = tables.copy([
      fk_expansion(
        source_height: lists.source.height, source_width: lists.source.width, rows: sources.count, lead: lead, left: left,
        right: right, pitch: pitch, patches: patches.count, step: lists.step, row_starts: tables.copy(rowStarts),
        row_indices: tables.copy(Array(sources.joined())), border: tables.copy(borders), patch: tables.copy(patches),
        extras: tables.copy(extras))
    ])
    self.targetRows = targetRows
    width = lists.target.width
    self.pitch = pitch
    self.lead = lead
    start = shared ? lead - left : 0
    rowPlaces = taken.map { $0 * pitch + lead }
    columnPlaces = offsets.enumerated().flatMap { tap, offset in
      (0..<lists.target.width).map { x in
        if lists.step == 2 { return places[[tap, 0]]! + x }
        return (zeros ? places[[tap, x]] : nil) ?? x + offset
      }
    }
    planeCount = sources.count * pitch + (shared ? lead : 0)
  }

  /// Where tap `tap` finds the pixels from (y, x) on.
  func place(tap: Int, y: Int, x: Int) -> Int {
    let tapsAcross = columnPlaces.count / width
    return rowPlaces[tap / tapsAcross * targetRows.count + y - targetRows.lowerBound] + columnPlaces[tap % tapsAcross * width + x]
  }

  /// Where the horizontal tap `tap` finds the pixels from x on of a prepared row.
  func place(row: Int, tap: Int, x: Int) -> Int { row * pitch + lead + columnPlaces[tap * width + x] }

  /// [taps][target rows]: where each tap finds the first pixel of each row.
  func rowTable(taps: [Int]) -> ConvolutionOffsets {
    ConvolutionOffsets(reads: taps.flatMap { tap in targetRows.map { place(tap: tap, y: $0, x: 0) } })
  }

  /// Where the pieces of a row begin; the last one overlaps the one before if the width is not a multiple.
  static func pieces(width: Int, piece: Int) -> [Int] {
    stride(from: 0, to: width, by: piece).map { min($0, width - piece) }
  }
}
