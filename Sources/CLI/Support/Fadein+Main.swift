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
      try SystemLimits.requireFiles()
    } catch {
      Console.tell(error)
      Foundation.exit(error.exitCode.rawValue)
    }
    if let problem = unknownCommand(in: CommandLine.arguments.dropFirst()) {
      Console.tell(problem)
      Foundation.exit(problem.exitCode.rawValue)
    }
    main(nil)
  }

  /// What is wrong with a first word that should be a subcommand; the parser would not suggest one.
  private static func unknownCommand(in arguments: ArraySlice<String>) -> Diagnostics? {
    let names = configuration.subcommands.map { $0._commandName } + ["help"]
    guard let word = arguments.first, !word.hasPrefix("-"), !names.contains(word) else { return nil }
    let suggestion = EditDistance.closest(to: word, among: names)
    return Diagnostics(
      "there is no command '\(word)'", note: "'fadein --help' lists the commands", suggestion: suggestion, exitCode: .usage)
  }
}
