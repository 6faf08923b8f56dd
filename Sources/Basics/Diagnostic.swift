/// One message to the user about an input: where, what was found, what was expected, what to try.
package struct Diagnostic: Equatable, Sendable {
  /// Whether the work can go on.
  package enum Severity: String, Sendable { case error, warning }

  package var severity: Severity
  /// One sentence without a full stop.
  package var message: String
  /// The file as the user knows it.
  package var file: String?
  package var position: SourcePosition?
  /// The line of the file that `position` refers to.
  package var excerpt: String?
  /// A second sentence: the reason, or what helps.
  package var note: String?
  /// What the user may have meant; shown as `did you mean '...'?`.
  package var suggestion: String?

  /// A diagnostic with this message; `excerpt` is the line that `position` refers to.
  package init(
    _ message: String, severity: Severity = .error, file: String? = nil, position: SourcePosition? = nil,
    excerpt: String? = nil, note: String? = nil, suggestion: String? = nil
  ) {
    self.severity = severity
    self.message = message
    self.file = file
    self.position = position
    self.excerpt = excerpt
    self.note = note
    self.suggestion = suggestion
  }
}
