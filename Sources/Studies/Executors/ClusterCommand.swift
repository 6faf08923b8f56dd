import Basics
import Foundation

/// Runs a command of a cluster to its end, for so long at most.
enum ClusterCommand {
  /// What a command answered.
  struct Outcome: Equatable, Sendable {
    var code: Int32
    var output = ""
    var errors = ""

    /// What it complained about, on one line.
    var complaint: String {
      let words = errors.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      return words.isEmpty ? "exit code \(code)" : words
    }
  }

  /// What `timeout` says of a command that it has ended, and `env` of one that is not there.
  static let (timedOut, notFound): (Int32, Int32) = (124, 127)
  /// Bytes of an answer that are read.
  private static let largest = 16 << 20

  /// Runs `words`, found by the search path, without input.
  static func run(_ words: [String], seconds: Double) -> Outcome {
    guard let output = pipe() else { return Outcome(code: notFound, errors: String(cString: strerror(errno))) }
    defer { close(output[0]) }
    guard let errors = pipe() else {
      close(output[1])
      return Outcome(code: notFound, errors: String(cString: strerror(errno)))
    }
    defer { close(errors[0]) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, errors[1], STDERR_FILENO)
    let arguments = words.map { strdup($0.systemBytes) }
    defer { for argument in arguments { free(argument) } }
    var process = pid_t()
    let code = posix_spawnp(&process, words[0], &actions, nil, arguments + [nil], environ)
    close(output[1])
    close(errors[1])
    guard code == 0 else { return Outcome(code: notFound, errors: String(cString: strerror(code))) }
    let texts = read([output[0], errors[0]], until: Deadline(in: seconds))
    if texts == nil { kill(process, SIGKILL) }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    guard let texts else { return Outcome(code: timedOut, errors: "no answer within \(Int(seconds)) s") }
    return Outcome(code: status & 0x7f == 0 ? status >> 8 & 0xff : 128 + (status & 0x7f), output: texts[0], errors: texts[1])
  }

  /// Two connected ends that no other program inherits; nil when there are none to be had.
  private static func pipe() -> [Int32]? {
    var ends: [Int32] = [0, 0]
    return socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends) == 0 ? ends : nil
  }

  /// What comes out of `pipes` until all have ended; nil when that takes too long, or too much comes.
  private static func read(_ pipes: [Int32], until deadline: Deadline) -> [String]? {
    var bytes = pipes.map { _ in [UInt8]() }
    var open = Set(pipes.indices)
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    let lookMilliseconds: Int32 = 100
    while !open.isEmpty {
      guard !deadline.isOver, bytes.allSatisfy({ $0.count < largest }) else { return nil }
      var ready = pipes.indices.map { pollfd(fd: open.contains($0) ? pipes[$0] : -1, events: Int16(POLLIN), revents: 0) }
      guard poll(&ready, nfds_t(ready.count), lookMilliseconds) > 0 else { continue }
      for (index, end) in ready.enumerated() where end.revents != 0 {
        let count = Foundation.read(end.fd, &buffer, buffer.count)
        if count > 0 { bytes[index] += buffer[..<count] } else if count == 0 || errno != EINTR { open.remove(index) }
      }
    }
    return bytes.map { String(decoding: $0, as: UTF8.self) }
  }
}
