import Foundation

/// An error that a user can do something about: its description is one sentence, and it says how the program ends.
package protocol UserFacingError: Error, CustomStringConvertible {
  /// How the program ends when nothing can be done about the error.
  var exitCode: ExitCode { get }
  /// The error as the user sees it; without more to say, the description.
  var diagnostics: Diagnostics { get }
}

extension UserFacingError {
  package var diagnostics: Diagnostics { Diagnostics(description, exitCode: exitCode) }
}

extension FileError: UserFacingError {
  /// 66 when something to be read is not there, 73 when something cannot be begun, else 74.
  package var exitCode: ExitCode {
    if errno == ESTALE { return .ioError }
    return switch operation {
    case .open, .list, .examine: isNotFound ? .inputNotFound : .ioError
    case .create, .createDirectory, .rename: .cannotCreate
    default: .ioError
    }
  }

  package var diagnostics: Diagnostics {
    let note =
      meansNoLocks
      ? "two processes could write the same files; use a folder on a file system with locks, such as a local disk: --runs DIR" : nil
    return Diagnostics(description, note: note, exitCode: exitCode)
  }
}
