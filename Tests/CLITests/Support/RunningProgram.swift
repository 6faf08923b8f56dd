import Foundation
import TestSupport

/// A process of the program that has begun.
final class RunningProgram {
  /// It took too long and was killed, or ended before it said what was waited for.
  struct Unexpected: Error {
    let arguments: [String]
    let outcome: Program.Outcome
  }

  private let process: ChildProcess
  private let arguments: [String]
  private let (output, errors): (String, String)
  private let screen: Screen?

  /// Starts the program in the folder of `scratch`, without input, with `environment` added to that of the tests.
  convenience init(
    _ arguments: [String], in scratch: Scratch, output: Program.Output = .captured, environment: [String: String] = [:]
  ) throws {
    try self.init(executable: Program.path, arguments, in: scratch, output: output, environment: environment)
  }

  /// Starts a line of `sh`, for which the program is `$FADEIN`, in the same way.
  convenience init(shell line: String, in scratch: Scratch, environment: [String: String] = [:]) throws {
    let environment = ["FADEIN": Program.path].merging(environment) { $1 }
    try self.init(executable: "/bin/sh", ["-c", line], in: scratch, output: .captured, environment: environment)
  }

  private init(
    executable: String, _ arguments: [String], in scratch: Scratch, output: Program.Output, environment: [String: String]
  ) throws {
    let name = scratch.captures + "/" + UUID().uuidString
    (self.output, errors) = (name + ".out", name + ".err")
    self.arguments = arguments
    let errors = try Self.create(errors)
    let (standardOutput, screen): (FileHandle, Screen?) =
      switch output {
      case .captured: (try Self.create(self.output), nil)
      case .terminal(let rows, let columns): try Self.terminal(rows, columns)
      case .readerGone: (try Self.pipeWithoutReader(name + ".pipe"), nil)
      case .file(let path): (try FileHandle(forWritingTo: URL(filePath: path)), nil)
      }
    self.screen = screen
    process = try ChildProcess(
      executable, arguments, in: scratch.path,
      environment: ProcessInfo.processInfo.environment.merging(["XDG_CACHE_HOME": scratch.cache]) { $1 }.merging(environment) {
        $1
      },
      output: standardOutput.fileDescriptor, errors: errors.fileDescriptor)
    // A terminal and a pipe end when nobody has them open any more.
    for handle in [standardOutput, errors] { try handle.close() }
    screen?.read(into: self.output)
  }

  /// The number of the process.
  var identifier: Int32 { process.identifier }

  /// Sends a signal, as in `SIGINT`.
  func send(_ signal: Int32) { kill(process.identifier, signal) }

  /// Waits for the end. Throws when it does not come.
  func wait(timeoutSeconds: Double = 300) throws -> Program.Outcome {
    if !process.wait(seconds: timeoutSeconds) {
      send(SIGKILL)
      _ = process.wait(seconds: 60)
      throw Unexpected(arguments: arguments, outcome: outcome)
    }
    screen?.finish()
    return outcome
  }

  /// Waits until the captured output contains `text`, looking every few milliseconds. Throws when it ends without.
  func wait(forOutput text: String, timeoutSeconds: Double = 300, kills: Bool = true) throws {
    let deadline = DispatchTime.now() + timeoutSeconds
    while !outcome.output.contains(text) {
      guard process.wait(seconds: 0.005) || DispatchTime.now() > deadline else { continue }
      if kills { send(SIGKILL) }
      throw Unexpected(arguments: arguments, outcome: outcome)
    }
  }

  /// Waits until the captured output contains `text`, and returns nil; or for the end, and returns how it ended.
  func outcome(untilOutput text: String, timeoutSeconds: Double = 300) throws -> Program.Outcome? {
    do {
      try wait(forOutput: text, timeoutSeconds: timeoutSeconds)
      return nil
    } catch let unexpected as Unexpected {
      return unexpected.outcome
    }
  }

  private var outcome: Program.Outcome {
    let texts = [output, errors].map { String(decoding: FileManager.default.contents(atPath: $0) ?? Data(), as: UTF8.self) }
    let code: Int32 =
      switch process.end {
      case .exited(let code): code
      case .killed(let signal): -signal
      case nil: 0
      }
    return Program.Outcome(exitCode: code, output: texts[0], errors: texts[1])
  }

  private static func terminal(_ rows: Int, _ columns: Int) throws -> (FileHandle, Screen?) {
    let (screen, device) = try Screen.open(rows: rows, columns: columns)
    return (device, screen)
  }

  private static func create(_ path: String) throws -> FileHandle {
    _ = FileManager.default.createFile(atPath: path, contents: nil)
    return try FileHandle(forWritingTo: URL(filePath: path))
  }

  /// A named pipe, since no other process that starts meanwhile may inherit its reading end.
  private static func pipeWithoutReader(_ path: String) throws -> FileHandle {
    guard mkfifo(path, 0o600) == 0 else { throw CocoaError(.fileWriteUnknown) }
    let reader = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    defer { close(reader) }
    return FileHandle(fileDescriptor: open(path, O_WRONLY | O_CLOEXEC), closeOnDealloc: true)
  }
}
