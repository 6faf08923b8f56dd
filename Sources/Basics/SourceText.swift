/// A text with the name that messages call it by: a file as the user wrote its path, or `override 2`.
package struct SourceText: Equatable, Sendable {
  package let file: String
  /// The lines without their ends (LF, CR or both).
  package let lines: [String]

  /// The text `text`, called `file`.
  package init(file: String, text: String) {
    self.file = file
    var lines: [String] = []
    var line = String.UnicodeScalarView()
    var afterReturn = false
    for scalar in text.unicodeScalars {
      if scalar == "\n" && afterReturn {
        afterReturn = false
        continue
      }
      afterReturn = scalar == "\r"
      if scalar == "\n" || scalar == "\r" {
        lines.append(String(line))
        line = String.UnicodeScalarView()
      } else {
        line.append(scalar)
      }
    }
    lines.append(String(line))
    self.lines = lines
  }

  /// Line number `number`, counted from 1, or nil beyond the text.
  package func line(_ number: Int) -> String? {
    lines.indices.contains(number - 1) ? lines[number - 1] : nil
  }

  /// An error about the place `position`, or about the whole text.
  package func error(
    _ message: String, at position: SourcePosition?, note: String? = nil, suggestion: String? = nil
  ) -> Diagnostic {
    Diagnostic(
      message, file: file, position: position, excerpt: position.flatMap { line($0.line) }, note: note, suggestion: suggestion)
  }
}
