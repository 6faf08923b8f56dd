import ArgumentParser
import Basics
import Foundation

extension Fadein {
  /// Where the program begins.
  static func main() {
    Console.setUp()
    SystemLimits.onAmpleStack { run() }
  }

  private static func run() {
    do throws(Diagnostics) {
      try ProgramArguments.requireWhole()
      try SystemLimits.requireFiles()
      try SystemLimits.requireMemory()
    } catch {
      Console.tell(error)
      Foundation.exit(error.exitCode.rawValue)
    }
    let arguments = ProgramArguments.all.dropFirst()
    let printsJSON = arguments.contains("--json")
    if let problem = UnknownCommand.problem(in: arguments, of: self) {
      Console.tell(problem)
      if printsJSON { Console.printFailure(problem) }
      Foundation.exit(problem.exitCode.rawValue)
    }
    do {
      var command = try parseAsRoot(HomePaths.expanded(Array(arguments)))
      try command.run()
    } catch {
      let isForParser = !(error is ArgumentParser.ExitCode) && exitCode(for: error) != .success
      if printsJSON, isForParser { Console.printFailure(Diagnostics(message(for: error), exitCode: .usage)) }
      guard exitCode(for: error) == .success else { exit(withError: error) }
      answer(fullMessage(for: error))
    }
  }

  /// Prints what was asked for, as `--help` and `--version`, and ends like a command.
  private static func answer(_ text: String) -> Never {
    if !text.isEmpty { print(text) }
    do throws(Diagnostics) {
      try Console.finish()
    } catch {
      Console.tell(error)
      Foundation.exit(error.exitCode.rawValue)
    }
    Foundation.exit(EXIT_SUCCESS)
  }
}
