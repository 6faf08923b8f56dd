import Foundation

/// The built program, run as users run it: as a process of its own.
enum Program {
  /// The executable, which the build puts beside the tests.
  static let path: String = {
    let tests = [Bundle.main.executablePath, CommandLine.arguments.first].compactMap { $0 }
    let besides = tests.map { URL(filePath: $0).deletingLastPathComponent().appending(path: "fadein").path }
    guard let path = besides.first(where: FileManager.default.isExecutableFile) else {
      preconditionFailure("the program is at none of \(besides)")
    }
    return path
  }()

  /// The checkout.
  static let repository: URL = {
    var folder = URL(filePath: #filePath)
    for _ in 0..<4 { folder.deleteLastPathComponent() }
    return folder
  }()

  /// Where the program's standard output goes.
  enum Output {
    /// Into the ``Outcome``.
    case captured
    /// Into a pipe that nobody reads any more.
    case readerGone
    /// To a terminal of this size, and from there into the ``Outcome``.
    case terminal(rows: Int, columns: Int)
    /// Into the file at a path.
    case file(String)
  }

  /// How a process ended and what it said.
  struct Outcome {
    /// The exit code, or the number of the signal that killed it, negated.
    let exitCode: Int32
    let output: String
    let errors: String

    /// The lines of the output.
    var lines: [String] { output.split(separator: "\n").map(String.init) }
  }

  /// Runs the program to its end.
  @discardableResult
  static func run(
    _ arguments: String..., in scratch: Scratch, output: Output = .captured, environment: [String: String] = [:],
    timeoutSeconds: Double = 300
  ) throws -> Outcome {
    try run(arguments, in: scratch, output: output, environment: environment, timeoutSeconds: timeoutSeconds)
  }

  /// Runs a line of `sh`, for which the program is `$FADEIN`, to its end.
  static func shell(_ line: String, in scratch: Scratch, environment: [String: String] = [:], timeoutSeconds: Double = 300) throws
    -> Outcome
  {
    try RunningProgram(shell: line, in: scratch, environment: environment).wait(timeoutSeconds: timeoutSeconds)
  }

  /// Runs the program to its end.
  static func run(
    _ arguments: [String], in scratch: Scratch, output: Output = .captured, environment: [String: String] = [:],
    timeoutSeconds: Double = 300
  ) throws -> Outcome {
    try RunningProgram(arguments, in: scratch, output: output, environment: environment).wait(timeoutSeconds: timeoutSeconds)
  }
}
