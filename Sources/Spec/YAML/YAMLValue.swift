import Basics

/// YAML to be written.
indirect enum YAMLValue: Equatable, Sendable {
  /// Text that needs no quotes: a number, a choice, true or false.
  case plain(String)
  /// Any text; quoted when it must be.
  case text(String)
  case sequence([YAMLValue])
  case mapping([(key: String, value: YAMLValue)])

  /// Whether both say the same in the same order.
  static func == (a: YAMLValue, b: YAMLValue) -> Bool { a.flow == b.flow }

  /// The value in one line: `{resolution: 4, hold: 7500}`.
  var flow: String {
    switch self {
    case .plain(let text): text
    case .text(let text): Self.isSafe(text) ? text : Self.quoted(text)
    case .sequence(let items): "[" + items.map(\.flow).joined(separator: ", ") + "]"
    case .mapping(let entries): "{" + entries.map { "\($0.key): \($0.value.flow)" }.joined(separator: ", ") + "}"
    }
  }

  /// The value as a block: maps a line per key, lists of maps a line per item, other lists in one line.
  func block(indent: Int = 0) -> String {
    let margin = String(repeating: " ", count: indent)
    switch self {
    case .mapping(let entries) where !entries.isEmpty:
      return entries.map { key, value in
        value.isNested ? "\(margin)\(key):\n\(value.block(indent: indent + 2))" : "\(margin)\(key): \(value.flow)\n"
      }.joined()
    case .sequence(let items) where isNested: return items.map { "\(margin)- \($0.flow)\n" }.joined()
    default: return "\(margin)\(flow)\n"
    }
  }

  /// The values at the end of each dotted path, in order; a list of plain values is one value.
  func leaves(path: String = "") -> [(path: String, value: String)] {
    func below(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
    switch self {
    case .mapping(let entries): return entries.flatMap { $0.value.leaves(path: below($0.key)) }
    case .sequence(let items) where isNested && Node.networks.contains { path.hasPrefix($0 + ".") }:
      // Lists of layers, whose settings have the layers' names in their paths.
      let layers = items.map { item -> (kind: String, settings: YAMLValue?) in
        if case .mapping(let entries) = item, let entry = entries.first { (entry.key, entry.value) } else { (item.flow, nil) }
      }
      let names = LayerNames(layers.map(\.kind)).names
      return [(path, "[" + layers.map(\.kind).joined(separator: ", ") + "]")]
        + zip(names, layers).flatMap { name, layer in layer.settings?.leaves(path: below(name)) ?? [] }
    case .sequence(let items) where isNested:
      return items.enumerated().flatMap { $0.element.leaves(path: below(String($0.offset))) }
    default: return [(path, flow)]
    }
  }

  /// What this says differently from `base`: leaves that are equal there are left out. Nil when nothing remains.
  func difference(from base: YAMLValue?) -> YAMLValue? {
    guard case .mapping(let entries) = self, case .mapping(let others)? = base else { return self == base ? nil : self }
    let remaining = entries.compactMap { key, value in
      value.difference(from: others.first { $0.key == key }?.value).map { (key: key, value: $0) }
    }
    return remaining.isEmpty ? nil : .mapping(remaining)
  }

  private var isNested: Bool {
    switch self {
    case .mapping(let entries): !entries.isEmpty
    case .sequence(let items): items.contains { if case .mapping = $0 { true } else { false } }
    default: false
    }
  }

  /// Whether every YAML reader takes the bare text as this very text.
  private static func isSafe(_ text: String) -> Bool {
    let words: Set = ["true", "false", "yes", "no", "on", "off", "y", "n", "null"]
    guard let first = text.unicodeScalars.first, !words.contains(text.lowercased()) else { return false }
    let isLetter = { (scalar: Unicode.Scalar) in scalar.isASCII && scalar.properties.isAlphabetic }
    return (isLetter(first) || first == "/")
      && text.unicodeScalars.allSatisfy { isLetter($0) || ("0"..."9").contains($0) || "/._-".unicodeScalars.contains($0) }
  }

  /// The text in double quotes, controls escaped.
  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case _ where scalar.isControl:
        let digits = String(scalar.value, radix: 16, uppercase: true)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
