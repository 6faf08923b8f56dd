import ArgumentParser
import Basics

/// A word that should be a command and is none: the parser would not suggest one, and would show the help of the whole program for
/// `help nosuch`.
enum UnknownCommand {
  /// What is wrong with the words of a command line that name the command, if anything is.
  static func problem(in arguments: ArraySlice<String>, of program: any ParsableCommand.Type) -> Diagnostics? {
    let asksForHelp = arguments.first == "help"
    var command = program
    var path = ""
    for word in asksForHelp ? arguments.dropFirst() : arguments {
      let commands = command.configuration.subcommands
      let isHelp = word == "help" && path.isEmpty
      if word.hasPrefix("-") || commands.isEmpty || isHelp { return nil }
      if let next = commands.first(where: { $0._commandName == word }) {
        command = next
        path += word + " "
        continue
      }
      // What follows may be for the command that is meant when none is named, as in 'sweep FILE'.
      if command.configuration.defaultSubcommand != nil, !asksForHelp { return nil }
      let names = commands.filter { $0.configuration.shouldDisplay }.map { $0._commandName } + (path.isEmpty ? ["help"] : [])
      return Diagnostics(
        "there is no command '\(path)\(word)'", note: "'fadein \(path)--help' lists the commands",
        suggestion: EditDistance.closest(to: word, among: names), exitCode: .usage)
    }
    return nil
  }
}
