/// The rows of an open table: lines of as many fields as its header has. Files are read by `pread` and not mapped, since `resume`
/// may cut one at any time. What is not looked at is not checked.
struct NumberRows {
  private static let longestRow = FileLines.Limit.numbers.rawValue
  /// Bytes at the end that are looked at first.
  private static let firstPiece = 16 << 10

  typealias Bytes = FileLines.Bytes

  let file: OpenFile
  let buffer: TableBuffer
  let files: any FileSystem
  /// The bytes of whole rows.
  private(set) var range: Range<Int>

  /// The rows in `range`, which begins with one. A last one without line feed, which a killed process leaves, is none.
  init(_ file: OpenFile, _ range: Range<Int>, _ buffer: TableBuffer, _ files: any FileSystem) throws {
    self.file = file
    self.buffer = buffer
    self.files = files
    let tail = max(range.lowerBound, range.upperBound - Self.longestRow)
    let bytes = try buffer.read(tail..<range.upperBound, of: file, files)
    let end = FileLines.lastFeed(bytes).map { tail + $0 + 1 } ?? range.lowerBound
    self.range = range.lowerBound..<end
    if end == range.lowerBound, tail > end { throw tooLong }
  }

  /// Gives every row's values of `wanted` to `body`, nil where nothing was measured.
  func forEach(_ wanted: WantedColumns, _ body: ([Double?]) throws -> Void) throws {
    var values = [Double?](repeating: nil, count: wanted.indices.count)
    var lines = lines
    while let row = try lines.next() {
      try read(row, wanted) { slot, value in values[slot] = value }
      try body(values)
    }
  }

  /// What `reduction` makes of each of `wanted`.
  func reduce(_ wanted: WantedColumns, _ reduction: Reduction) throws -> [Double?] {
    var running = [Reduction.Running](repeating: Reduction.Running(), count: wanted.indices.count)
    var lines = lines
    try running.withUnsafeMutableBufferPointer { running in
      while let row = try lines.next() {
        try read(row, wanted) { slot, value in if let value { running[slot].add(value, reduction) } }
      }
    }
    return running.map { $0.value(reduction) }
  }

  /// The last value of each of `wanted`: reads from the end, no further than it must.
  func last(_ wanted: WantedColumns) throws -> [Double?] {
    var found = [Double?](repeating: nil, count: wanted.indices.count)
    var (upper, length) = (range.upperBound, Self.firstPiece)
    while upper > range.lowerBound, found.contains(where: { $0 == nil }) {
      let lower = max(range.lowerBound, upper - length)
      let bytes = try buffer.read(lower..<upper, of: file, files)
      guard lower == range.lowerBound || FileLines.firstFeed(bytes) != bytes.count - 1 else {
        throw tooLong
      }
      let begin = lower == range.lowerBound ? 0 : (FileLines.firstFeed(bytes) ?? 0) + 1
      var end = bytes.count
      while end > begin, found.contains(where: { $0 == nil }) {
        let start = FileLines.lastFeed(Bytes(rebasing: bytes[begin..<end - 1])).map { begin + $0 + 1 } ?? begin
        try read(Bytes(rebasing: bytes[start..<end - 1]), wanted) { slot, value in
          if found[slot] == nil { found[slot] = value }
        }
        end = start
      }
      upper = lower + begin
      length = min(length * 4, buffer.capacity)
    }
    return found
  }

  /// Leaves out the rows with more than `images` images shown, by the column at `column`; all rows when there is none.
  mutating func cut(at images: Int, column: Int?) throws {
    guard let column else { return range = range.lowerBound..<range.lowerBound }
    var (low, high) = (range.lowerBound, range.upperBound)
    // The rows that begin before `low` stay, the one that begins at `high` goes.
    while low < high {
      let middle = high - low > Self.longestRow ? low + (high - low) / 2 : low
      let bytes = try buffer.read(middle..<min(high, middle + 2 * Self.longestRow), of: file, files)
      let start = middle == low ? 0 : (FileLines.firstFeed(bytes) ?? bytes.count) + 1
      guard start < bytes.count, let end = FileLines.firstFeed(Bytes(rebasing: bytes[start...])) else {
        throw tooLong
      }
      let row = Bytes(rebasing: bytes[start..<start + end])
      var cursor = FieldCursor(row)
      guard cursor.skip(column), let shown = DecimalText.number(cursor.field()) else {
        throw damaged("the row '\(Self.text(row))' does not say how many images were shown")
      }
      if shown <= Double(images) { low = middle + start + end + 1 } else { high = middle + start }
    }
    range = range.lowerBound..<low
  }

  /// Gives each of the wanted fields of `row` to `body`, as a number or as nil when it is empty.
  @inline(__always)
  private func read(_ row: Bytes, _ wanted: WantedColumns, _ body: (Int, Double?) -> Void) throws {
    var cursor = FieldCursor(row)
    var field = 0
    for slot in wanted.indices.indices {
      let index = wanted.indices[slot]
      guard cursor.skip(index - field) else {
        throw damaged("the row '\(Self.text(row))' has no field for '\(wanted.names[slot])'")
      }
      field = index
      let bytes = cursor.field()
      if bytes.isEmpty {
        body(slot, nil)
      } else if let value = DecimalText.number(bytes) {
        body(slot, value)
      } else {
        throw damaged("'\(Self.text(bytes))' of '\(wanted.names[slot])' is not a number")
      }
    }
  }

  private var lines: FileLines { FileLines(file, range, .numbers, buffer, files) }

  private var tooLong: UnusableFile { lines.tooLong }

  private func damaged(_ reason: String) -> UnusableFile { UnusableFile(file.path, reason) }

  private static func text(_ bytes: Bytes) -> String { String(decoding: bytes.prefix(200), as: UTF8.self).shortened.printable }
}
