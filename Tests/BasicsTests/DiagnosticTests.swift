import Testing

@testable import Basics

@Suite struct DiagnosticTests {
  private let source = SourceText(
    file: "experiments/mel.yaml", text: String(repeating: "\n", count: 13) + "    learning_rte: 0.001\n")

  @Test func `a diagnostic shows the place, the line and what was meant`() {
    let diagnostic = source.error(
      "'learning_rte' is not a setting of adam", at: SourcePosition(line: 14, column: 5, length: 12), suggestion: "rate")
    #expect(
      diagnostic.rendered == """
        experiments/mel.yaml:14:5: error: 'learning_rte' is not a setting of adam
          14 |     learning_rte: 0.001
             |     ^~~~~~~~~~~~ did you mean 'rate'?
        """)
  }

  @Test func `a diagnostic without a position has the file only`() {
    #expect(
      Diagnostic("nothing here", file: "a.yaml", suggestion: "b").rendered == "a.yaml: error: nothing here\n  did you mean 'b'?")
    #expect(Diagnostic("odd", severity: .warning, note: "still fine").rendered == "warning: odd\n  note: still fine")
  }

  @Test func `control characters never reach the terminal`() {
    let source = SourceText(file: "a\u{1b}[2J.yaml", text: "\tname: \u{1b}]0;x\u{7} \u{202e}abc")
    let text = source.error("bad \u{9b}31m", at: SourcePosition(line: 1, column: 9, length: 3), note: "\u{8}").rendered
    #expect(
      text == #"""
        a\u{1B}[2J.yaml:1:9: error: bad \u{9B}31m
          1 |  name: \u{1B}]0;x\u{7} \u{202E}abc
            |              ^~~
            note: \u{8}
        """#)
    #expect(!text.unicodeScalars.contains { $0.isControl && $0 != "\n" })
  }

  @Test func `a long line is cut around the place`() {
    let line = String(repeating: "a", count: 1000) + "HERE" + String(repeating: "b", count: 1000)
    let diagnostic = SourceText(file: "f", text: line).error("x", at: SourcePosition(line: 1, column: 1001, length: 4))
    let lines = diagnostic.rendered.split(separator: "\n")
    #expect(lines.allSatisfy { $0.count < 140 })
    let caret = lines[2].firstIndex(of: "^").map { lines[2].distance(from: lines[2].startIndex, to: $0) }
    #expect(lines[1].dropFirst(caret ?? 0).hasPrefix("HERE"))
    #expect(lines[2].hasSuffix("^~~~"))
  }

  @Test(arguments: [(1, 50, 3), (1, 3, 900), (9, 1, 1), (1, 0, 1), (1, 4, 1)])
  func `a position outside the text does no harm`(line: Int, column: Int, length: Int) {
    let source = SourceText(file: "f", text: "abc")
    #expect(!source.error("x", at: SourcePosition(line: line, column: column, length: length)).rendered.isEmpty)
  }

  @Test func `diagnostics are sorted by file and place`() {
    func at(_ file: String?, _ line: Int, _ column: Int) -> Diagnostic {
      Diagnostic(
        "\(file ?? "-") \(line):\(column)", file: file, position: line == 0 ? nil : SourcePosition(line: line, column: column))
    }
    let items = [at("b", 2, 1), at("a", 9, 9), at("b", 1, 7), at("a", 0, 0), at("c", 1, 1), at("a", 9, 2)]
    let sorted = Diagnostics(items, inOrderOf: ["a"]).items.map(\.message)
    #expect(sorted == ["a 0:0", "a 9:2", "a 9:9", "b 1:7", "b 2:1", "c 1:1"])
  }

  @Test(arguments: [
    ("a\nb", ["a", "b"]), ("a\r\nb\r\n", ["a", "b", ""]), ("a\rb", ["a", "b"]), ("", [""]), ("\r\n\n\r", ["", "", "", ""]),
  ])
  func `a text has lines whatever ends them`(text: String, lines: [String]) {
    #expect(SourceText(file: "f", text: text).lines == lines)
  }
}
