import Basics
import Foundation

/// A process that is started and waited for with the system's own calls. Foundation's `Process` copies 256 bytes of each name that it
/// reads in `/proc/self/fd`, however short; with many files open that now and then runs past the end of what is mapped.
package final class ChildProcess: @unchecked Sendable {
  /// The system did not start it.
  package struct NotStarted: Error {
    package let executable: String
    package let errno: Int32
  }

  /// How it has ended.
  package enum End {
    case exited(Int32)
    case killed(by: Int32)
  }

  package let identifier: pid_t
  private let lock = NSLock()
  private var known: (end: End, seconds: Double)?
  private let ended = DispatchSemaphore(value: 0)

  /// Starts `executable` in `folder`, without input.
  package init(
    _ executable: String, _ arguments: [String], in folder: String, environment: [String: String], output: Int32, errors: Int32
  ) throws {
    var (actions, attributes) = (posix_spawn_file_actions_t(), posix_spawnattr_t())
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO)
    // As a shell would start it, whatever the threads of the tests have blocked or ignored.
    var none = sigset_t()
    var all = sigset_t()
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    // `env` changes the folder and becomes the program.
    let words = (["env", "-C", folder, executable] + arguments).map { strdup($0) }
    let variables = environment.map { strdup("\($0)=\($1)") }
    defer { for text in words + variables { free(text) } }
    let start = MonotonicClock.system.seconds
    var identifier = pid_t()
    let code = posix_spawn(&identifier, "/usr/bin/env", &actions, &attributes, words + [nil], variables + [nil])
    guard code == 0 else { throw NotStarted(executable: executable, errno: code) }
    self.identifier = identifier
    Thread.detachNewThread { [self, identifier] in
      var status: Int32 = 0
      while waitpid(identifier, &status, 0) < 0, errno == EINTR {}
      let seconds = MonotonicClock.system.seconds - start
      lock.withLock { known = (status & 0x7f == 0 ? .exited(status >> 8 & 0xff) : .killed(by: status & 0x7f), seconds) }
      ended.signal()
    }
  }

  /// How it has ended; nil while it runs.
  package var end: End? { lock.withLock { known?.end } }

  /// Seconds from its start to its end; nil while it runs.
  package var seconds: Double? { lock.withLock { known?.seconds } }

  /// Waits for the end. Returns whether it has come.
  package func wait(seconds: Double) -> Bool {
    guard ended.wait(timeout: .now() + seconds) == .success else { return false }
    ended.signal()
    return true
  }
}
