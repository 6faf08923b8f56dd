/// Comma-separated values after RFC 4180, with lines that end in a single line feed.
package enum CSV {
  /// One line of the file, its line feed included.
  package static func line(_ cells: [CSVCell]) -> String {
    cells.map(\.field).joined(separator: ",") + "\n"
  }

  /// The first line of a file.
  package static func header(_ columns: [String]) -> String {
    line(columns.map { .text($0) })
  }

  /// The shortest decimal that reads back the same float; `nan`, `inf`, `-inf`.
  package static func number(_ value: Float) -> String { value.isNaN ? "nan" : value.description }

  /// The shortest decimal that reads back the same double; `nan`, `inf`, `-inf`.
  package static func number(_ value: Double) -> String { value.isNaN ? "nan" : value.description }

  /// `text` in double quotes when it holds a comma, a quote or a line break.
  package static func quoted(_ text: String) -> String {
    // Unicode scalars, because CR LF is one Character that equals neither of its parts.
    guard text.unicodeScalars.contains(where: { ",\"\n\r".unicodeScalars.contains($0) }) else { return text }
    var quoted = "\"".unicodeScalars
    for scalar in text.unicodeScalars {
      if scalar == "\"" { quoted.append(scalar) }
      quoted.append(scalar)
    }
    quoted.append("\"")
    return String(quoted)
  }

  /// `text` with a leading `'` when a spreadsheet would take it for a formula: when it starts with `=`, `+`, `-`, `@`,
  /// tab, carriage return or line feed. NUL, which no CSV reader takes, becomes U+FFFD. ``unguarded(_:)`` reads it back.
  package static func guarded(_ text: String) -> String {
    var clean = String.UnicodeScalarView()
    for scalar in text.unicodeScalars { clean.append(scalar == "\0" ? "\u{fffd}" : scalar) }
    let safe = String(clean)
    return looksLikeFormula(safe) ? "'" + safe : safe
  }

  /// The text that ``guarded(_:)`` was given.
  package static func unguarded(_ text: String) -> String {
    text.unicodeScalars.first == "'" && looksLikeFormula(text) ? String(text.unicodeScalars.dropFirst()) : text
  }

  /// The wide forms of the signs are the same to a spreadsheet in some languages.
  private static let formulaStarts = Set("=+-@\t\r\n\u{ff1d}\u{ff0b}\u{ff0d}\u{ff20}".unicodeScalars)

  /// Whether a formula's first character comes first, or after quotes only: so one more quote can always be recognized.
  private static func looksLikeFormula(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first(where: { $0 != "'" }) else { return false }
    return formulaStarts.contains(first)
  }
}
