import Basics
import Foundation
import TestSupport

/// A command that has begun, and what it says.
final class Running {
  /// How it ended.
  struct Ending {
    /// The exit code; of a killed one 128 and the signal's number, as shells count.
    let code: Int32
    let output, errors: String
    /// How long it took.
    let seconds: Double
  }

  let process: ChildProcess
  private let captures: String

  /// Starts `words` with what they say in files whose names begin with `captures`.
  init(_ words: [String], in workplace: Workplace, captures: String, environment: [String: String]) throws {
    self.captures = captures
    let files = [".out", ".err"].map { open(captures + $0, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600) }
    defer { for file in files { close(file) } }
    process = try ChildProcess(
      words[0], Array(words.dropFirst()), in: workplace.folder,
      environment: ProcessInfo.processInfo.environment.merging(["XDG_CACHE_HOME": workplace.folder + "/cache"]) { $1 }
        .merging(environment) { $1 },
      output: files[0], errors: files[1])
  }

  deinit { for ending in [".out", ".err"] { unlink(captures + ending) } }

  /// Sends a signal, as in `SIGINT`.
  func send(_ signal: Int32) {
    if process.end == nil { kill(process.identifier, signal) }
  }

  /// Waits for the end. What takes ten minutes is killed.
  func wait() -> Ending {
    if !process.wait(seconds: 600) {
      send(SIGKILL)
      _ = process.wait(seconds: 60)
    }
    let code: Int32 =
      switch process.end {
      case .exited(let code): code
      case .killed(let signal): 128 + signal
      case nil: -1
      }
    return Ending(code: code, output: text(".out"), errors: text(".err"), seconds: process.seconds ?? .infinity)
  }

  /// Kills it after `seconds`. Returns false if it had ended before.
  func killed(after seconds: Double) -> Bool {
    MonotonicClock.pause(seconds)
    send(SIGKILL)
    return wait().code == 128 + SIGKILL
  }

  /// Waits until it has said `text`. Returns false if it ends without.
  func wait(forOutput text: String) -> Bool {
    while !self.text(".out").contains(text) {
      if process.wait(seconds: 0.005) { return false }
    }
    return true
  }

  private func text(_ ending: String) -> String {
    String(decoding: FileManager.default.contents(atPath: captures + ending) ?? Data(), as: UTF8.self)
  }
}
