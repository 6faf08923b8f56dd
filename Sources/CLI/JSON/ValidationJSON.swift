import Basics

/// What `validate --json` prints of a file.
struct ValidationJSON: Encodable {
  let file: String
  /// Whether a run or sweep of it could begin, data folders aside.
  let ok: Bool
  /// As in `32x32, 5500 iterations, 4 phases`; nil when it is not ok.
  let summary: String?
  let exitCode: Int32
  /// Errors, and warnings when it is ok.
  let problems: [ProblemJSON]

  init(_ file: String, summary: String?, _ diagnostics: Diagnostics?) {
    self.file = file
    self.summary = summary
    ok = summary != nil
    exitCode = summary == nil ? diagnostics?.exitCode.rawValue ?? 0 : 0
    problems = (diagnostics?.items ?? []).map(ProblemJSON.init)
  }
}
