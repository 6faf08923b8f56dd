import Basics
import Training

extension Diagnostics {
  /// What a user is told about `error`. One that nobody foresaw is an internal error: exit code 70.
  init(describing error: any Error) {
    switch error {
    case let error as Diagnostics: self = error
    case let error as any UserFacingError: self = error.diagnostics
    case let error as DatasetError: self = error.diagnostics
    default:
      let note = "this is a mistake in Fadein; please report it together with the command"
      self.init("internal error: \(error)", note: note, exitCode: .internalError)
    }
  }
}

extension DatasetError {
  /// The message with its notes; a missing folder ends the program like any missing input.
  fileprivate var diagnostics: Diagnostics {
    let note = notes.isEmpty ? nil : notes.joined(separator: "; ")
    let exitCode: ExitCode = if case .noFolder = self { .inputNotFound } else { .badData }
    return Diagnostics(message, note: note, exitCode: exitCode)
  }
}
