/// JSON to be written, with the keys of objects in the order given.
indirect enum JSON: Sendable {
  case null
  case bool(Bool)
  /// The digits of a number.
  case number(String)
  case string(String)
  case array([JSON])
  case object([(key: String, value: JSON)])

  /// The text, indented by two blanks a level; arrays of plain values in one line.
  func text(indent: Int = 0) -> String {
    let margin = String(repeating: " ", count: indent)
    switch self {
    case .null: return "null"
    case .bool(let value): return value ? "true" : "false"
    case .number(let digits): return digits
    case .string(let text): return Self.quoted(text)
    case .array(let items):
      let isFlat = items.allSatisfy { if case .object = $0 { false } else { true } }
      if isFlat { return "[" + items.map { $0.text() }.joined(separator: ", ") + "]" }
      let lines = items.map { "\(margin)  \($0.text(indent: indent + 2))" }
      return "[\n" + lines.joined(separator: ",\n") + "\n\(margin)]"
    case .object(let entries):
      if entries.isEmpty { return "{}" }
      let lines = entries.map { "\(margin)  \(Self.quoted($0.key)): \($0.value.text(indent: indent + 2))" }
      return "{\n" + lines.joined(separator: ",\n") + "\n\(margin)}"
    }
  }

  /// The entries of an object.
  var entries: [(key: String, value: JSON)] {
    guard case .object(let entries) = self else { preconditionFailure("only an object has entries, not \(text())") }
    return entries
  }

  /// This schema of a map, which must not be left empty.
  var withoutNull: JSON {
    .object(
      entries.map { key, value in if key == "type", case .array(let types) = value { (key, types[0]) } else { (key, value) } })
  }

  /// This schema without what it says about defaults, at any depth.
  var withoutDefaults: JSON {
    guard case .object(let entries) = self else { return self }
    return .object(entries.filter { $0.key != "default" }.map { ($0.key, $0.value.withoutDefaults) })
  }

  /// This object with `entries` after its own.
  func adding(_ entries: [(key: String, value: JSON)]) -> JSON {
    .object(self.entries + entries)
  }

  /// A value of a spec as JSON; plain scalars are numbers, switches or words.
  init(_ value: YAMLValue) {
    switch value {
    case .plain("true"): self = .bool(true)
    case .plain("false"): self = .bool(false)
    case .plain(let text): self = (try? NumberGrammar.number(text)) == nil ? .string(text) : .number(text)
    case .text(let text): self = .string(text)
    case .sequence(let items): self = .array(items.map(JSON.init))
    case .mapping(let entries): self = .object(entries.map { (key: $0.key, value: JSON($0.value)) })
    }
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
