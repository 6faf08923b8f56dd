/// A stretch of one line of a text. Lines and columns count from 1; columns count Unicode scalars.
package struct SourcePosition: Equatable, Sendable, Comparable {
  package var line: Int
  package var column: Int
  /// Scalars that are meant, at least 1.
  package var length: Int

  /// The `length` scalars from `line` and `column` on.
  package init(line: Int, column: Int, length: Int = 1) {
    self.line = line
    self.column = column
    self.length = max(length, 1)
  }

  /// Whether `a` begins before `b`.
  package static func < (a: SourcePosition, b: SourcePosition) -> Bool {
    (a.line, a.column, a.length) < (b.line, b.column, b.length)
  }
}
