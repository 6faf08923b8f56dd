import Basics
import Foundation

/// A worker of a sweep: a process that runs one trial, and leaves a checkpoint and ends when its standard input ends.
///
/// That input is one end of a pair of sockets, and no other process has the other one: it ends when the worker is let go, and also when
/// this process ends, however it does. A worker may hear of it as often as it likes and at any time; a signal would count as a second
/// request if the worker had got one already, as when a whole session or a batch job is told to stop at once.
package final class WorkerProcess {
  /// How a worker has ended.
  enum End: Equatable {
    case exited(Int32)
    case killed(by: Int32)
  }

  /// The worker could not be started.
  struct NotStarted: UserFacingError {
    let program: String
    /// As `errno` has it.
    let code: Int32
    /// Whether the system gives no more processes, files or memory.
    var isLimit: Bool { [EAGAIN, ENOMEM, EMFILE, ENFILE].contains(code) }
    var exitCode: ExitCode { isLimit ? .systemLimit : .ioError }
    var description: String { "cannot start a worker with '\(program.printable)': \(String(cString: strerror(code)))" }
  }

  let identifier: pid_t
  /// Our end of the pair.
  private let leash: Int32
  private var end: End?

  /// Starts `program`. What it says goes to the open file `log`.
  init(_ program: String, _ arguments: [String], log: Int32) throws(NotStarted) {
    var pair: [Int32] = [0, 0]
    func failure(_ code: Int32) -> NotStarted { NotStarted(program: program, code: code) }
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &pair) == 0 else {
      throw failure(errno)
    }
    defer { close(pair[1]) }
    var (actions, attributes) = (posix_spawn_file_actions_t(), posix_spawnattr_t())
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_adddup2(&actions, pair[1], STDIN_FILENO)
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, log, STDERR_FILENO)
    // Blocked until the worker is ready for them: a signal in its first moments must not kill it.
    var blocked = sigset_t()
    pthread_sigmask(SIG_BLOCK, nil, &blocked)
    for number in [SIGHUP, SIGINT, SIGTERM, SIGUSR1] { sigaddset(&blocked, number) }
    posix_spawnattr_setsigmask(&attributes, &blocked)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    let words = ([program] + arguments).map { strdup($0.systemBytes) }
    defer { for word in words { free(word) } }
    var identifier = pid_t()
    let code = posix_spawn(&identifier, program.systemBytes, &actions, &attributes, words + [nil], environ)
    guard code == 0 else {
      close(pair[0])
      throw failure(code)
    }
    self.identifier = identifier
    leash = pair[0]
  }

  deinit { close(leash) }

  /// How the worker has ended; nil while it runs.
  func poll() -> End? {
    if end == nil { end = Self.wait(identifier, WNOHANG) }
    return end
  }

  /// Bytes of the longest last words.
  private static let longestWords = 8 << 10

  /// Sends the last words of this process, which is a worker, to the process that started it. There may be no other place to say anything.
  package static func say(_ words: String) {
    let bytes = Array(words.utf8.prefix(longestWords))
    _ = send(STDIN_FILENO, bytes, bytes.count, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
  }

  /// What the worker said last; nil when it said nothing.
  func lastWords() -> String? {
    var bytes = [UInt8](repeating: 0, count: Self.longestWords)
    let count = recv(leash, &bytes, bytes.count, Int32(MSG_DONTWAIT))
    return count > 0 ? String(decoding: bytes.prefix(count), as: UTF8.self) : nil
  }

  /// Asks the worker to leave a checkpoint and to end.
  func letGo() { shutdown(leash, Int32(SHUT_WR)) }

  /// Waits for the end, however long that takes.
  func wait() { if end == nil { end = Self.wait(identifier, 0) } }

  /// Waits until one of `workers` ends, a signal arrives, or `seconds` are over.
  static func wait(for workers: some Collection<WorkerProcess>, seconds: Double) {
    var ends = workers.map { pollfd(fd: $0.leash, events: Int16(POLLIN), revents: 0) }
    Foundation.poll(&ends, nfds_t(ends.count), Int32(seconds * 1000))
  }

  private static func wait(_ identifier: pid_t, _ options: Int32) -> End? {
    var status: Int32 = 0
    var result = waitpid(identifier, &status, options)
    while result < 0, errno == EINTR { result = waitpid(identifier, &status, options) }
    guard result != 0 else { return nil }
    // Somebody else has taken note of the end, which nobody here does.
    guard result == identifier else { return .exited(0) }
    return status & 0x7f == 0 ? .exited(status >> 8 & 0xff) : .killed(by: status & 0x7f)
  }
}
