/// A text with the name that messages call it by: a file as the user wrote its path, or `override 2`.
package struct SourceText: Equatable, Sendable {
  package let file: String
  /// The lines without their ends (LF, CR or both).
  package let lines: [String]

  /// The text `text`, called `file`.
  package init(file: String, text: String) {
    self.file = file
    let (feed, carriageReturn) = (UInt8(ascii: "\n"), UInt8(ascii: "\r"))
    let bytes = Array(text.utf8)
    var lines: [String] = []
    var start = 0
    for (index, byte) in bytes.enumerated() where byte == feed || byte == carriageReturn {
      let endsPair = byte == feed && index > 0 && bytes[index - 1] == carriageReturn
      if !endsPair { lines.append(String(decoding: bytes[start..<index], as: UTF8.self)) }
      start = index + 1
    }
    lines.append(String(decoding: bytes[start...], as: UTF8.self))
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
