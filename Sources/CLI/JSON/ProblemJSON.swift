import Basics

/// What is wrong, as `--json` reports it. Property names are the keys.
struct ProblemJSON: Encodable {
  let severity: String
  let message: String
  let file: String?
  /// From 1.
  let line: Int?
  let column: Int?
  let note: String?
  let suggestion: String?

  init(_ item: Diagnostic) {
    (severity, message, file) = (item.severity.rawValue, item.message, item.file)
    (line, column, note, suggestion) = (item.position?.line, item.position?.column, item.note, item.suggestion)
  }
}

/// The object that a command prints instead of a result, with `--json`, when it fails.
struct FailureJSON: Encodable {
  struct Failure: Encodable {
    let exitCode: Int32
    let problems: [ProblemJSON]
  }

  let error: Failure

  init(_ diagnostics: Diagnostics) {
    error = Failure(exitCode: diagnostics.exitCode.rawValue, problems: diagnostics.items.map(ProblemJSON.init))
  }
}
