/// A file whose content does not serve a command: damaged, of a newer version, or of something else.
///
///     throw UnusableFile("runs/a/v001/run.json", "it is not a manifest of Fadein")
///     // error: cannot use 'runs/a/v001/run.json': it is not a manifest of Fadein
package struct UnusableFile: UserFacingError, Equatable {
  /// What it does not serve for. The raw value is the verb that users read.
  package enum Purpose: String, Sendable {
    case use
    /// A table, to which rows are added.
    case `continue`
    /// A checkpoint.
    case continueFrom = "continue from"
  }

  package let path: String
  /// A clause, as in `its header is not the one that this run writes`.
  package let reason: String
  package let purpose: Purpose
  package var exitCode: ExitCode { .badData }
  package var description: String { "cannot \(purpose.rawValue) '\(path.printable)': \(reason)" }

  package init(_ path: String, _ reason: String, for purpose: Purpose = .use) {
    self.path = path
    self.reason = reason
    self.purpose = purpose
  }
}
