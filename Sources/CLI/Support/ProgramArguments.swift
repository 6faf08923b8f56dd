import Basics

/// The command line as text from which the bytes of each argument can be had again.
enum ProgramArguments {
  /// All arguments, the program's name first.
  static let all: [String] = (0..<Int(CommandLine.argc)).compactMap { number in
    guard let argument = CommandLine.unsafeArgv[number] else { return nil }
    return isText ? String(cString: argument) : SystemText.decode(argument)
  }

  /// Whether another process of this program wrote the arguments, as text in which bytes stand for themselves already.
  private static var isText: Bool { WorkingFolder.variable(SystemText.variable) != nil }
}
