import Foundation

/// A process of the program that has begun.
final class RunningProgram {
  /// It took too long and was killed, or ended before it said what was waited for.
  struct Unexpected: Error {
    let arguments: [String]
    let outcome: Program.Outcome
  }

  private let process = Process()
  private let ended = DispatchSemaphore(value: 0)
  private let (output, errors): (String, String)
  private var screen: Screen?

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
    process.executableURL = URL(filePath: executable)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(["XDG_CACHE_HOME": scratch.cache].merging(environment) { $1 })
    {
      $1
    }
    process.currentDirectoryURL = URL(filePath: scratch.path)
    process.standardInput = FileHandle.nullDevice
    process.standardError = try Self.create(errors)
    process.standardOutput =
      switch output {
      case .captured: try Self.create(self.output)
      case .terminal(let rows, let columns): try terminal(rows, columns)
      case .readerGone: try Self.pipeWithoutReader(name + ".pipe")
      case .file(let path): try FileHandle(forWritingTo: URL(filePath: path))
      }
    process.terminationHandler = { [ended] _ in ended.signal() }
    try process.run()
    // The terminal ends when nobody has it open any more.
    if case .terminal = output { try (process.standardOutput as? FileHandle)?.close() }
    screen?.read(into: self.output)
  }

  /// The number of the process.
  var identifier: Int32 { process.processIdentifier }

  /// Sends a signal, as in `SIGINT`.
  func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// Waits for the end. Throws when it does not come.
  func wait(timeoutSeconds: Double = 300) throws -> Program.Outcome {
    if ended.wait(timeout: .now() + timeoutSeconds) == .timedOut {
      send(SIGKILL)
      ended.wait()
      throw Unexpected(arguments: process.arguments ?? [], outcome: outcome)
    }
    screen?.finish()
    return outcome
  }

  /// Waits until the captured output contains `text`, looking every few milliseconds. Throws when it ends without.
  func wait(forOutput text: String, timeoutSeconds: Double = 300, kills: Bool = true) throws {
    let deadline = DispatchTime.now() + timeoutSeconds
    while !outcome.output.contains(text) {
      let hasEnded = ended.wait(timeout: .now() + .milliseconds(5)) == .success
      if hasEnded { ended.signal() }
      guard hasEnded || DispatchTime.now() > deadline else { continue }
      if kills { send(SIGKILL) }
      throw Unexpected(arguments: process.arguments ?? [], outcome: outcome)
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
    let code = process.isRunning ? 0 : process.terminationStatus
    let isKilled = !process.isRunning && process.terminationReason == .uncaughtSignal
    return Program.Outcome(exitCode: isKilled ? -code : code, output: texts[0], errors: texts[1])
  }

  private func terminal(_ rows: Int, _ columns: Int) throws -> FileHandle {
    let (screen, device) = try Screen.open(rows: rows, columns: columns)
    self.screen = screen
    return device
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
