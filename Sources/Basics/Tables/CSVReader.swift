/// Takes CSV bytes apart, a row at a time.
struct CSVReader {
  let bytes: [UInt8]
  let limits: CSVTable.Limits
  /// The line at which the next row starts, from 1.
  private(set) var line: Int
  private(set) var hasTornEnd = false
  private var position = 0

  init(bytes: [UInt8], limits: CSVTable.Limits, line: Int = 1) {
    self.bytes = bytes
    self.limits = limits
    self.line = line
  }

  /// The next row, or nil at the end and at a last line that has no line feed.
  mutating func row() throws(CSVTable.Problem) -> [String]? {
    guard position < bytes.count else { return nil }
    let start = line
    var fields: [String] = []
    while true {
      let field = byte(position) == UInt8(ascii: "\"") ? try quotedField(start) : try plainField(start)
      guard fields.count < limits.columns else { throw .tooLarge(line: start, what: "columns") }
      fields.append(field)
      let (next, afterNext) = (byte(position), byte(position + 1))
      let isPair = next == UInt8(ascii: "\r") && afterNext == UInt8(ascii: "\n")
      if next == UInt8(ascii: ",") {
        position += 1
      } else if next == UInt8(ascii: "\n") || isPair {
        position += isPair ? 2 : 1
        line += 1
        return fields
      } else if next == nil || next == UInt8(ascii: "\r") && afterNext == nil {
        position = bytes.count
        hasTornEnd = true
        return nil
      } else {
        throw .strayQuote(line: start)
      }
    }
  }

  /// The byte at `index`, or nil behind the end.
  private func byte(_ index: Int) -> UInt8? { index < bytes.count ? bytes[index] : nil }

  private mutating func plainField(_ start: Int) throws(CSVTable.Problem) -> String {
    let begin = position
    scan: while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: ","), UInt8(ascii: "\n"), UInt8(ascii: "\r"): break scan
      case UInt8(ascii: "\""): throw .strayQuote(line: start)
      default: position += 1
      }
    }
    return try text(bytes[begin..<position], start)
  }

  /// A torn last line inside quotes looks the same as a quote that is never closed.
  private mutating func quotedField(_ start: Int) throws(CSVTable.Problem) -> String {
    var content: [UInt8] = []
    position += 1
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == UInt8(ascii: "\"") {
        guard position < bytes.count, bytes[position] == byte else { return try text(content[...], start) }
        position += 1
      } else if byte == UInt8(ascii: "\n") {
        line += 1
      }
      content.append(byte)
    }
    throw .openQuote(line: start)
  }

  private func text(_ field: ArraySlice<UInt8>, _ start: Int) throws(CSVTable.Problem) -> String {
    guard field.count <= limits.fieldBytes else { throw .tooLarge(line: start, what: "bytes in a field") }
    guard !field.contains(0), let text = String(validating: field, as: UTF8.self) else { throw .notText(line: start) }
    return text
  }
}

extension CSV {
  /// The fields of a line without its line feed as they stand there, quotes undone. Throws what is wrong with it, as with line `line`.
  static func fields(_ bytes: some Collection<UInt8>, line: Int) throws(CSVTable.Problem) -> [String] {
    if let fields = plainFields(bytes) { return fields }
    var reader = CSVReader(bytes: Array(bytes) + [UInt8(ascii: "\n")], limits: CSVTable.Limits(), line: line)
    return try reader.row() ?? []
  }

  /// The same of printable ASCII without quotes, as nearly all lines are; nil for any other, and for more fields than a table has. A list
  /// of runs reads hundreds of thousands.
  static func plainFields(_ bytes: some Collection<UInt8>) -> [String]? {
    let comma = UInt8(ascii: ",")
    var commas = 0
    for byte in bytes {
      guard (0x20..<0x7f).contains(byte), byte != UInt8(ascii: "\"") else { return nil }
      if byte == comma { commas += 1 }
    }
    guard commas < CSVTable.Limits().columns else { return nil }
    return bytes.split(separator: comma, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
  }
}
