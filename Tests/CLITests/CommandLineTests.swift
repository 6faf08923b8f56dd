import Foundation
import Testing

/// What all commands have in common.
@Suite struct CommandLineTests {
  /// What `--experimental-dump-help` says of a command.
  private struct Help: Decodable {
    struct Command: Decodable {
      let commandName: String
      let subcommands: [Command]?
    }
    let command: Command
  }

  /// The words that call each command, nested ones too; the program itself first.
  static let commands: [[String]] = {
    func paths(_ command: Help.Command, below words: [String]) -> [[String]] {
      [words] + (command.subcommands ?? []).flatMap { paths($0, below: words + [$0.commandName]) }
    }
    guard let outcome = try? Program.run("--experimental-dump-help", in: Scratch()),
      let help = try? JSONDecoder().decode(Help.self, from: Data(outcome.output.utf8))
    else { return [] }
    return paths(help.command, below: [])
  }()

  @Test func `the commands are found`() {
    let known: Set = [[], ["validate"], ["plan"], ["run"], ["generate"], ["list"], ["trace"], ["bench"], ["explain"], ["schema"]]
    #expect(known.isSubset(of: Self.commands))
  }

  @Test(arguments: commands) func `every command explains itself`(command: [String]) throws {
    let outcome = try Program.run(command + ["--help"], in: Scratch())
    #expect(outcome.exitCode == 0)
    #expect(outcome.output.contains("OVERVIEW: ") && outcome.output.contains("USAGE: fadein"))
    #expect(outcome.errors.isEmpty)
  }

  @Test(arguments: commands) func `an unknown flag is wrong usage everywhere`(command: [String]) throws {
    let outcome = try Program.run(command + ["--no-such-flag"], in: Scratch())
    #expect(outcome.exitCode == 64)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.hasPrefix("Error: "))
  }

  @Test func `a flag with a slip is answered with the one that was meant`() throws {
    let outcome = try Program.run("list", "--jsn", in: Scratch())
    #expect(outcome.exitCode == 64)
    #expect(outcome.errors.hasPrefix("Error: Unknown option '--jsn'. Did you mean '--json'?\nUsage: fadein list "))
  }

  @Test func `an unknown command is answered with the one that was meant`() throws {
    let outcome = try Program.run("vlidate", "x.yaml", in: Scratch())
    #expect(outcome.exitCode == 64)
    #expect(
      outcome.errors == """
        error: there is no command 'vlidate'
          did you mean 'validate'?
          note: 'fadein --help' lists the commands

        """)
  }

  @Test func `an unknown command without a likeness is wrong usage too`() throws {
    let outcome = try Program.run("\u{1b}[31m", in: Scratch())
    #expect(outcome.exitCode == 64)
    #expect(outcome.errors.hasPrefix("error: there is no command '\\u{1B}[31m'\n"))
    #expect(!outcome.errors.contains("did you mean"))
  }

  @Test func `the version names the commit that was built, and run.json as well`() throws {
    let scratch = try Scratch()
    let outcome = try Program.run("--version", in: scratch)
    #expect(outcome.exitCode == 0)
    let match = try #require(outcome.output.wholeMatch(of: #/(\d+\.\d+\.\d+) \(commit ([0-9a-f]{40}|unknown)(, modified)?\)\n/#))
    try scratch.writeTinyExperiment()
    try Program.run("run", "tiny.yaml", "--quiet", "--stop-after", "1", in: scratch)
    let manifest = try JSONSerialization.jsonObject(with: Data(try scratch.text("runs/tiny/v001/run.json").utf8)) as? [String: Any]
    #expect(manifest?["fadein_version"] as? String == String(match.1))
    #expect(manifest?["fadein_commit"] as? String == (match.2 == "unknown" ? nil : String(match.2)))
    #expect(manifest?["fadein_modified"] as? Bool == (match.2 == "unknown" ? nil : match.3 != nil))
  }

  @Test(arguments: [["schema", "experiment"], ["explain"], ["--help"], ["--generate-completion-script", "bash"]])
  func `a reader that goes away is no error`(arguments: [String]) throws {
    let outcome = try Program.run(arguments, in: Scratch(), output: .readerGone)
    #expect(outcome.exitCode == 0)
    #expect(outcome.errors.isEmpty)
  }

  @Test(arguments: ["schema experiment", "--help", "--version", "help run", "run --help", "--generate-completion-script bash"])
  func `output that finds no room is an error`(command: String) throws {
    let outcome = try Program.run(command.split(separator: " ").map(String.init), in: Scratch(), output: .file("/dev/full"))
    #expect(outcome.exitCode == 74)
    #expect(outcome.errors == "error: the output could not be written to its end\n")
  }

  @Test(arguments: ["bash", "zsh", "fish"]) func `there are completions`(shell: String) throws {
    let outcome = try Program.run("--generate-completion-script", shell, in: Scratch())
    #expect(outcome.exitCode == 0)
    for command in Self.commands.compactMap(\.first) { #expect(outcome.output.contains(command), "\(command)") }
  }
}
