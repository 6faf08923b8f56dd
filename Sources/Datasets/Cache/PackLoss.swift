import Basics
import Synchronization

/// A file of the cache that was cut or changed while a training used it. What was read of it counts for nothing.
package struct PackLost: UserFacingError, Equatable {
  package let path: String
  package let reason: String
  package var exitCode: ExitCode { .ioError }
  package var description: String { "the image cache '\(path)' was changed while it was in use: \(reason)" }
  package var diagnostics: Diagnostics {
    Diagnostics(description, note: "it is made anew at the next start; --no-cache works without it", exitCode: exitCode)
  }
}

/// Where images note that their file was lost, for whoever trains on them to ask before anything is recorded.
final class PackLoss: Sendable {
  private let first = Mutex<PackLost?>(nil)

  /// The first loss that was noted.
  var lost: PackLost? { first.withLock { $0 } }

  func note(_ lost: PackLost) { first.withLock { if $0 == nil { $0 = lost } } }
}
