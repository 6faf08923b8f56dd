import Basics

/// The command line as text from which the bytes of each argument can be had again.
enum ProgramArguments {
  /// All arguments, the program's name first.
  static let all: [String] = (0..<Int(CommandLine.argc)).compactMap { number in
    CommandLine.unsafeArgv[number].map { SystemText.decode($0) }
  }
}
