import Basics
import Foundation

/// The machine failed, and no trial: its disk is full or broken, or a limit of the system was reached. What was under way waits.
package struct MachineFailure: UserFacingError, Equatable {
  /// What failed, in a sentence.
  package let reason: String
  package let exitCode: ExitCode
  package var description: String { "the machine ended the sweep, and its trials wait: \(reason)" }
  package var diagnostics: Diagnostics {
    let what = exitCode == .systemLimit ? "memory, processes or open files" : "room on the disk, or a disk that works"
    return Diagnostics(
      description, note: "the same command goes on where the trials stand, once there is \(what)", exitCode: exitCode)
  }

  /// A failure that a worker has ended with.
  init(reason: String, exitCode: ExitCode) { (self.reason, self.exitCode) = (reason, exitCode) }

  /// What `error` says of the machine; nil where it is about what was to be done there.
  package init?(_ error: any Error) {
    let limits = [ENOMEM, EMFILE, ENFILE, EAGAIN]
    let disk = [ENOSPC, EDQUOT, EIO, EROFS, ENODEV, ENXIO]
    switch error {
    case let error as MachineFailure: self = error
    case let error as FileError where limits.contains(error.errno): self.init(reason: error.description, exitCode: .systemLimit)
    // Of what is written, a limit on the size of files; what is read is compared with limits of our own.
    case let error as FileError where disk.contains(error.errno) || error.errno == EFBIG && error.operation == .write:
      self.init(reason: error.description, exitCode: .ioError)
    case let error as any UserFacingError where error.exitCode == .systemLimit:
      self.init(reason: error.diagnostics.items[0].message, exitCode: .systemLimit)
    default: return nil
    }
  }
}
