import Basics

extension FieldType where Value == String {
  /// A text that may stand after `=` on a line of a script without quotes.
  static func word(_ expected: String) -> Self {
    narrowed(expected + ", of letters, digits and ._:,@%/=+-") { text in
      text.utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
          || "._:,@%/=+-".utf8.contains(byte)
      }
    }
  }

  /// A text without line breaks.
  static var line: Self { narrowed("a line of a script") { !$0.contains(where: \.isNewline) } }

  /// A text for which `isAllowed` holds.
  private static func narrowed(_ expected: String, isAllowed: @escaping (String) -> Bool) -> Self {
    var type = text(expected)
    let read = type.read
    type.read = { node, value, reader in
      if case .scalar(let text, _) = node.content, !isAllowed(text) { return reader.report(node, expected: expected) }
      read(node, &value, &reader)
    }
    return type
  }
}

extension FieldType where Value == ClosedRange<Int> {
  /// Two integers, the lower one first: `[1, 8]`.
  static var integers: Self {
    ordered(
      .integer(-1_000_000_000...1_000_000_000), blank: Int.min, isBlank: { $0 == Int.min }, "two integers",
      spelled: { String($0) })
  }
}

extension FieldType where Value == [String] {
  /// A list of any values, no two the same, each as an override spells it.
  static var values: Self {
    var type = column
    let read = type.read
    type.read = { node, value, reader in
      read(node, &value, &reader)
      guard case .sequence(let items) = node.content, items.count == value.count,
        let twin = value.map({ [$0] }).firstTwin
      else { return }
      reader.report(items[twin].mark.error("\(reader.dottedPath) has \(value[twin].shortened) twice"))
    }
    return type
  }

  /// A list of any values, each as an override spells it.
  static var column: Self {
    let expected = "a list of 1 to \(SweepSpec.mostTrials) values"
    return FieldType(
      expected: expected,
      schema: .object([
        (key: "type", value: .string("array")), (key: "minItems", value: .number("1")),
        (key: "maxItems", value: .number(String(SweepSpec.mostTrials))),
      ]),
      read: { node, value, reader in
        guard case .sequence(let items) = node.content, (1...SweepSpec.mostTrials).contains(items.count) else {
          return reader.report(node, expected: expected)
        }
        value = items.map(\.overrideText)
      },
      write: { .sequence($0.map { .plain($0) }) })
  }
}

extension Array where Element == [String] {
  /// The first row that repeats an earlier one, byte for byte; nil if all are different.
  var firstTwin: Int? {
    var seen: Set<[[UInt8]]> = []
    for (index, row) in enumerated() {
      let bytes: [[UInt8]] = row.map { text in Array<UInt8>(text.utf8) }
      if !seen.insert(bytes).inserted { return index }
    }
    return nil
  }
}

extension Node {
  /// The node as the value of an override; equal numbers are spelled alike.
  fileprivate var overrideText: String {
    guard let text = numberText, let number = try? NumberGrammar.number(text) else { return value.flow }
    return (try? NumberGrammar.integer(text, as: Int.self)).map(String.init) ?? number.spelled
  }
}

extension FieldReader {
  /// Reports a map of which one entry was expected.
  mutating func report(_ node: Node, expected: String, entries: [Node.Entry]) {
    report(node.mark.error("\(dottedPath) must be \(expected), but has \(entries.map(\.key.shortened).joined(separator: " and "))"))
  }
}
