import Basics

extension FieldType where Value == Bool {
  /// `true` or `false`.
  package static var flag: Self {
    FieldType(
      expected: "true or false",
      schema: .object([(key: "type", value: .string("boolean"))]),
      read: { node, value, reader in
        switch node.content {
        case .scalar("true", isPlain: true): value = true
        case .scalar("false", isPlain: true): value = false
        case .scalar(let text, isPlain: true):
          let meant = ["yes": "true", "on": "true", "no": "false", "off": "false"][text.lowercased()]
          reader.report(
            node, expected: "true or false", suggestion: meant ?? EditDistance.closest(to: text, among: ["true", "false"]))
        default: reader.report(node, expected: "true or false")
        }
      },
      write: { .plain($0 ? "true" : "false") })
  }
}

extension FieldType where Value: CaseIterable & RawRepresentable<String> {
  /// One of the cases of an enumeration.
  package static var choice: Self {
    .named(Value.allCases.map(\.rawValue), name: \.rawValue) { Value(rawValue: $0) }
  }
}

extension FieldType where Value == String {
  /// Any text but nothing; `expected` says what it is for.
  static func text(_ expected: String) -> Self {
    FieldType(
      expected: expected,
      schema: .object([(key: "type", value: .string("string")), (key: "minLength", value: .number("1"))]),
      read: { node, value, reader in
        guard case .scalar(let text, let isPlain) = node.content, !text.isEmpty else {
          return reader.report(node, expected: expected)
        }
        if isPlain && ["~", "null", "Null", "NULL"].contains(text) {
          return reader.report(node, expected: expected, note: "if it is a name, put it in quotes")
        }
        value = text
      },
      write: { .text($0) })
  }

  /// A name that is safe in paths, tables and on command lines.
  static var name: Self {
    let expected = "1 to 64 letters, digits, '.', '_' or '-', beginning with a letter or digit"
    var type = text(expected)
    type.schema = .object([
      (key: "type", value: .string("string")), (key: "pattern", value: .string("^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")),
    ])
    type.read = { node, value, reader in
      guard case .scalar(let text, _) = node.content, isName(text) else { return reader.report(node, expected: expected) }
      value = text
    }
    return type
  }

  private static func isName(_ text: String) -> Bool {
    let isWord = { (byte: UInt8) in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
    guard let first = text.utf8.first, isWord(first) else { return false }
    return text.utf8.count <= 64 && text.utf8.allSatisfy { isWord($0) || "._-".utf8.contains($0) }
  }
}
