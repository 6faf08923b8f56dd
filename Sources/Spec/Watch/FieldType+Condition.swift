import Basics

extension FieldType where Value == WatchCondition {
  /// A condition over a column. Whether there is such a column is checked when the whole spec is known.
  static var condition: Self {
    let expected = "a condition over a column of metrics.csv"
    return FieldType(
      expected: expected,
      schema: .object([(key: "type", value: .string("string")), (key: "pattern", value: .string(pattern))]),
      read: { node, value, reader in
        guard case .scalar(let text, _) = node.content, !text.isEmpty else { return reader.report(node, expected: expected) }
        do throws(WatchCondition.Mistake) {
          value = try WatchCondition.parse(text).condition
        } catch {
          let mark = node.mark(of: error.range)
          reader.report(
            mark.error("\(reader.dottedPath) \(error.message)", note: error.note, suggestion: error.suggestion))
        }
      },
      write: { .text($0.description) })
  }

  /// The grammar as a regular expression, for editors.
  private static var pattern: String {
    let number = "-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?"
    return "^ *[a-z][A-Za-z0-9_.]* *((>|>=|<|<=|==|!=) *\(number)| is (not )?finite)( +for +[1-9][0-9]*)? *$"
  }
}

extension Node {
  /// The place of some scalars of a scalar's text, where the source shows them one by one; else that of the whole.
  func mark(of range: Range<Int>) -> Mark {
    guard case .scalar(let text, let isPlain) = content, let position = mark.position,
      let line = mark.source.line(position.line)
    else { return mark }
    let opening = isPlain ? 0 : 1
    let shown = line.unicodeScalars.dropFirst(position.column - 1 + opening)
    guard shown.starts(with: text.unicodeScalars) else { return mark }
    let column = position.column + opening + range.lowerBound
    return Mark(source: mark.source, position: SourcePosition(line: position.line, column: column, length: range.count))
  }
}
