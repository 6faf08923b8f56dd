import ArgumentParser
import Basics

/// A subcommand. Whatever its work throws becomes words on standard error and an exit code, here and nowhere else.
protocol FadeinCommand: ParsableCommand {
  /// Does the work.
  mutating func execute() throws
}

extension FadeinCommand {
  /// What ArgumentParser calls.
  mutating func run() throws {
    do {
      try execute()
      try Console.finish()
    } catch let error where Self.isForParser(error) {
      throw error
    } catch {
      let diagnostics = Diagnostics(describing: error)
      Console.tell(diagnostics)
      throw ArgumentParser.ExitCode(diagnostics.exitCode.rawValue)
    }
  }

  /// Whether the parser itself has the words for `error`, or there is nothing left to say.
  private static func isForParser(_ error: any Error) -> Bool {
    error is ArgumentParser.ExitCode || error is CleanExit || error is ValidationError
  }
}
