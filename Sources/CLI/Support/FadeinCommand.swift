import ArgumentParser
import Basics

/// A subcommand. Whatever its work throws becomes words on standard error and an exit code, here and nowhere else.
protocol FadeinCommand: ParsableCommand {
  mutating func execute() throws
  /// Whether standard output is for programs: JSON and nothing else, when something is wrong as well.
  var printsJSON: Bool { get }
}

extension FadeinCommand {
  var printsJSON: Bool { false }

  mutating func run() throws {
    do {
      do {
        try execute()
      } catch let code as ArgumentParser.ExitCode where code.rawValue == Basics.ExitCode.stoppedByRule.rawValue {
        // The answer is a difference; half of it is none.
        try Console.finish()
        throw code
      }
      try Console.finish()
    } catch let error where Self.isForParser(error) {
      throw error
    } catch {
      let diagnostics = Diagnostics(describing: error)
      Console.tell(diagnostics)
      if printsJSON { Console.printFailure(diagnostics) }
      throw ArgumentParser.ExitCode(diagnostics.exitCode.rawValue)
    }
  }

  /// Whether the parser itself has the words for `error`, or there is nothing left to say.
  private static func isForParser(_ error: any Error) -> Bool {
    error is ArgumentParser.ExitCode || error is CleanExit
  }
}
