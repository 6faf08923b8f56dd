/// What is wrong with an input, sorted by place, with the exit code that the program then ends with.
package struct Diagnostics: Error, Equatable, Sendable, CustomStringConvertible {
  package let items: [Diagnostic]
  package let exitCode: ExitCode

  /// These diagnostics, file by file (those of `files` first, in that order; others as they come), within a file by position.
  package init(_ items: [Diagnostic], inOrderOf files: [String] = [], exitCode: ExitCode = .badData) {
    var ranks: [String?: Int] = [:]
    for file in files.map(Optional.some) + items.map(\.file) where ranks[file] == nil { ranks[file] = ranks.count }
    let start = SourcePosition(line: 0, column: 0)
    func key(_ index: Int) -> (Int, SourcePosition, Int) {
      (ranks[items[index].file] ?? 0, items[index].position ?? start, index)
    }
    self.items = items.indices.sorted { key($0) < key($1) }.map { items[$0] }
    self.exitCode = exitCode
  }

  /// A single error.
  package init(
    _ message: String, file: String? = nil, note: String? = nil, suggestion: String? = nil, exitCode: ExitCode
  ) {
    self.init([Diagnostic(message, file: file, note: note, suggestion: suggestion)], exitCode: exitCode)
  }

  /// More than this many are counted instead of shown: the reader has something else in mind than reading.
  private static let shownItems = 50

  /// The diagnostics as text, one after the other, without a last line end.
  package var rendered: String {
    let shown = items.prefix(Self.shownItems).map(\.rendered)
    let hidden = items.count - shown.count
    return (shown + (hidden > 0 ? ["and \(hidden) more"] : [])).joined(separator: "\n")
  }

  package var description: String { rendered }
}
