extension Diagnostic {
  /// Scalars of a line that are shown; longer lines are cut around the place that is meant.
  private static let excerptWidth = 120

  /// The text for a person, several lines without a last line end:
  /// ```
  /// mel.yaml:14:5: error: 'learning_rte' is not a setting of adam
  ///   14 |     learning_rte: 0.001
  ///      |     ^~~~~~~~~~~~ did you mean 'rate'?
  /// ```
  /// Control characters of user text appear escaped.
  package var rendered: String {
    var place = file.map { $0.printable + ":" } ?? ""
    if let position, file != nil { place += "\(position.line):\(position.column):" }
    var lines = [(place.isEmpty ? "" : place + " ") + "\(severity.rawValue): \(message.printable)"]
    let question = suggestion.map { "did you mean '\($0.printable)'?" }
    var margin = "  "
    if let position, let excerpt {
      let gutter = "  \(position.line) | "
      margin = String(repeating: " ", count: gutter.count - 2)
      let (shown, underline) = Self.underlined(excerpt, position)
      lines.append(gutter + shown)
      lines.append(margin + "| " + underline + (question.map { " " + $0 } ?? ""))
    } else if let question {
      lines.append(margin + question)
    }
    if let note { lines.append(margin + "note: " + note.printable) }
    return lines.joined(separator: "\n")
  }

  /// A line as it can be printed, and below it blanks, a caret and tildes.
  private static func underlined(_ line: String, _ position: SourcePosition) -> (shown: String, underline: String) {
    let count = line.unicodeScalars.count
    let start = min(max(position.column - 1, 0), count)
    let end = max(min(start + position.length, count), start + 1)
    let first = start < excerptWidth ? 0 : start - excerptWidth / 4
    let last = min(first + excerptWidth, count)
    // Only what is shown is copied: a line may have a million scalars, and fifty mistakes.
    let scalars = Array(line.unicodeScalars.dropFirst(first).prefix(excerptWidth))
    func printable(_ range: Range<Int>) -> String {
      var text = String.UnicodeScalarView()
      let shown = range.clamped(to: first..<first + scalars.count)
      text.append(contentsOf: scalars[shown.lowerBound - first..<shown.upperBound - first])
      return String(text).printable
    }
    let before = (first > 0 ? "..." : "") + printable(first..<min(start, last))
    let meant = printable(min(start, last)..<min(end, last))
    let after = printable(min(end, last)..<last) + (last < count ? "..." : "")
    let tildes = String(repeating: "~", count: max(meant.unicodeScalars.count - 1, 0))
    return (before + meant + after, String(repeating: " ", count: before.unicodeScalars.count) + "^" + tildes)
  }
}
