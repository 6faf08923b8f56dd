import Glibc

/// Another program that is run to its end, without threads of our own.
package enum Command {
  /// How it ended and what it said.
  package struct Outcome: Sendable {
    /// The exit code, or 128 and the number of the signal that killed it.
    package let code: Int32
    package let output: [UInt8]
  }

  /// Runs `words`, the first of which is found in the environment's `PATH`, with no input. Returns nil when it cannot be run, or is killed
  /// since it takes more than `seconds`.
  package static func run(_ words: [String], environment: [String: String], seconds: Double)
    -> Outcome?
  {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { close(ends[0]) }
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    var (arguments, variables) = (
      words.map { strdup($0.systemBytes) }, environment.map { strdup("\($0)=\($1)".systemBytes) }
    )
    defer { for text in arguments + variables { free(text) } }
    arguments.append(nil)
    variables.append(nil)
    // `env` looks for the program in the path that it is given.
    var all: [UnsafeMutablePointer<CChar>?] = [strdup("env")] + arguments
    defer { free(all[0]) }
    var process = pid_t()
    let result = posix_spawn(&process, "/usr/bin/env", &actions, &attributes, &all, &variables)
    close(ends[1])
    guard result == 0 else { return nil }
    let output = read(ends[0], seconds: seconds)
    if output == nil { kill(process, SIGKILL) }
    var status: Int32 = 0
    while waitpid(process, &status, 0) == -1 && errno == EINTR {}
    guard let output else { return nil }
    let signal = status & 0x7f
    return Outcome(code: signal == 0 ? (status >> 8) & 0xff : 128 + signal, output: output)
  }

  /// Everything from the pipe `file`; nil when its end does not come in time.
  private static func read(_ file: Int32, seconds: Double) -> [UInt8]? {
    let end = MonotonicClock.system.seconds + seconds
    var (bytes, buffer): ([UInt8], [UInt8]) = ([], [UInt8](repeating: 0, count: 1 << 14))
    while true {
      let left = end - MonotonicClock.system.seconds
      guard left > 0 else { return nil }
      var wanted = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
      let ready = poll(&wanted, 1, Int32(min(left, 1000) * 1000) + 1)
      if ready <= 0 { continue }
      let count = Glibc.read(file, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return bytes }
      bytes += buffer[..<count]
    }
  }
}
