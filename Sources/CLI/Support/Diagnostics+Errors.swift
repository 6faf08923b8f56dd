import ArgumentParser
import Basics

extension Diagnostics {
  /// What a user reads about `error`. An unforeseen one is an internal error: exit code 70.
  init(describing error: any Error) {
    switch error {
    case let error as Diagnostics: self = error
    case let error as ValidationError: self.init(error.message, exitCode: .usage)
    case let error as any UserFacingError: self = error.diagnostics
    default:
      let note = "this is a mistake in Fadein; please report it together with the command"
      self.init("internal error: \(error)", note: note, exitCode: .internalError)
    }
  }
}
