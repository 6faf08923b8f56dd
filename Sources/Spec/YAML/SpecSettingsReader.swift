import Basics

/// Reads many specs that say nearly the same, as those of a sweep's trials: one that differs from an earlier one only in plain values of
/// single lines is not parsed again, and shares all other settings with it. What it returns is what ``SpecSettings/init(_:file:)`` does.
/// Not for several threads at once.
package final class SpecSettingsReader {
  /// A spec that was parsed, and its lines.
  private struct Known {
    let shape: SpecSettings.Shape
    let bytes: [UInt8]
    let lines: [SpecLine]
  }

  /// Specs that are kept to be compared with; a folder of runs has few kinds.
  private static let most = 8
  /// Bytes of the largest spec that is kept.
  private static let largest = 64 << 10

  private var known: [Known] = []

  /// A reader that knows no spec yet.
  package init() {}

  /// The settings in `bytes`, which messages call `file`. Throws what is wrong when they are not a spec's YAML.
  package func settings(_ bytes: [UInt8], file: String) throws(Diagnostics) -> SpecSettings {
    guard bytes.count <= Self.largest else { return try SpecSettings(bytes, file: file) }
    for (place, other) in known.enumerated() {
      guard let changes = Self.changes(from: other, to: bytes) else { continue }
      if place > 0 { known.swapAt(place, place - 1) }
      return SpecSettings(other.shape, changes)
    }
    let settings = try SpecSettings(bytes, file: file)
    if known.count == Self.most { known.removeLast() }
    known.insert(Known(shape: settings.shape, bytes: bytes, lines: SpecLine.all(of: bytes, settings.shape)), at: 0)
    return settings
  }

  /// What `bytes` say otherwise than a known spec; nil when they differ in more than plain values.
  private static func changes(from known: Known, to bytes: [UInt8]) -> [SpecSettings.Change]? {
    known.bytes.withUnsafeBufferPointer { old in
      bytes.withUnsafeBufferPointer { new -> [SpecSettings.Change]? in
        var changes: [SpecSettings.Change] = []
        var start = 0
        for line in known.lines {
          var end = start + line.range.count
          let isSame =
            end <= new.count && (end == new.count || new[end] == SpecLine.feed)
            && new[start..<end].elementsEqual(old[line.range])
          if !isSame {
            guard let place = line.place, let value = line.plainValue(of: new, from: start, old) else { return nil }
            changes.append(SpecSettings.Change(place: place, value: String(decoding: new[value], as: UTF8.self)))
            end = value.upperBound
          }
          // Both end here, or both go on.
          guard (end == new.count) == (line.range.upperBound == old.count) else { return nil }
          start = end + 1
        }
        guard start == new.count + 1 else { return nil }
        return changes.sorted { $0.place < $1.place }
      }
    }
  }
}

/// A line of a spec that was parsed.
struct SpecLine {
  static let feed = UInt8(ascii: "\n")
  /// Bytes of the longest value that is taken for a plain one.
  private static let longestValue = 100

  /// Its bytes, without the line feed.
  let range: Range<Int>
  /// Bytes before the value.
  let head: Int
  /// Which setting's plain value the line holds; nil when it is anything else.
  private(set) var place: Int?

  /// The lines of `bytes`, which have the settings of `shape`.
  static func all(of bytes: [UInt8], _ shape: SpecSettings.Shape) -> [SpecLine] {
    var (lines, stack) = ([SpecLine](), [(indent: Int, key: String)]())
    var start = 0
    while start <= bytes.count {
      let end = bytes[start...].firstIndex(of: feed) ?? bytes.count
      lines.append(line(bytes, start..<end, &stack, shape))
      start = end + 1
    }
    // Whoever makes two lines look like one setting has something else in mind.
    let claims = Dictionary(lines.compactMap(\.place).map { ($0, 1) }, uniquingKeysWith: +)
    // A key may have a dot, so that two settings have one path.
    let paths = Dictionary(shape.items.map { ($0.path, 1) }, uniquingKeysWith: +)
    for index in lines.indices {
      if let place = lines[index].place, claims[place] != 1 || paths[shape.items[place].path] != 1 { lines[index].place = nil }
    }
    return lines
  }

  /// One line after those whose keys are in `stack`. It holds a setting's value only where parsing says the same.
  private static func line(
    _ bytes: [UInt8], _ range: Range<Int>, _ stack: inout [(indent: Int, key: String)], _ shape: SpecSettings.Shape
  ) -> SpecLine {
    let text = bytes[range]
    let indent = text.prefix { $0 == UInt8(ascii: " ") }.count
    let rest = text.dropFirst(indent)
    let key = rest.prefix { isOfKeys($0) }
    guard !key.isEmpty, rest.dropFirst(key.count).first == UInt8(ascii: ":") else {
      return SpecLine(range: range, head: 0, place: nil)
    }
    while let last = stack.last, last.indent >= indent { stack.removeLast() }
    stack.append((indent, String(decoding: key, as: UTF8.self)))
    let head = indent + key.count + 2
    let value = text.dropFirst(head)
    let path = stack.map(\.key).joined(separator: ".")
    guard text.count > head, text[text.startIndex + head - 1] == UInt8(ascii: " "), isPlain(value), let place = shape.places[path],
      shape.items[place].value.utf8.elementsEqual(value)
    else { return SpecLine(range: range, head: head, place: nil) }
    return SpecLine(range: range, head: head, place: place)
  }

  /// Where the value of a line is that begins at `start` of `new` as this one does in `old`, but for its plain value; nil when it is no
  /// such line.
  func plainValue(of new: UnsafeBufferPointer<UInt8>, from start: Int, _ old: UnsafeBufferPointer<UInt8>) -> Range<Int>? {
    let first = start + head
    guard first < new.count, new[start..<first].elementsEqual(old[range.lowerBound..<range.lowerBound + head]) else { return nil }
    let end = new[first...].firstIndex(of: Self.feed) ?? new.count
    return Self.isPlain(new[first..<end]) ? first..<end : nil
  }

  /// Whether a value is written as it is meant: letters, digits, `.`, `_`, `+` and `-`, a letter or digit among the first two.
  private static func isPlain(_ value: some Collection<UInt8>) -> Bool {
    guard !value.isEmpty, value.count <= longestValue, value.prefix(2).contains(where: isAlphanumeric) else { return false }
    return value.allSatisfy {
      isAlphanumeric($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "_")
    }
  }

  private static func isOfKeys(_ byte: UInt8) -> Bool { isAlphanumeric(byte) || byte == UInt8(ascii: "_") }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
  }
}
