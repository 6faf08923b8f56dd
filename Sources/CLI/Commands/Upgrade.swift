import ArgumentParser
import Basics
import Runs
import Spec

/// `fadein upgrade`: a spec of an earlier version of the language in the present one.
struct Upgrade: FadeinCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prints a spec of version 1 in the present version of the language.",
    discussion: """
      What need not change stays as it is written, comments too. Runs need no upgrade: commands read their specs as they are.
      """)

  @Argument(help: "The experiment's YAML file.", completion: .file(extensions: ["yaml", "yml"]))
  var spec: String

  @Flag(help: "Write the new spec to the file itself instead.")
  var inPlace = false

  func execute() throws {
    let text = try SpecFile.text(at: spec)
    guard let upgraded = try ExperimentSpec.upgraded(text: text, path: spec) else {
      Console.tell("'\(spec.printable)' is in the present version already")
      if !inPlace { print(text, terminator: "") }
      return
    }
    // What comes out must be a spec; other mistakes are the user's own, which validate shows.
    do throws(Diagnostics) {
      _ = try ExperimentSpec.read(text: upgraded, path: spec, language: .fadein)
    } catch {
      Console.tell(error)
    }
    guard inPlace else { return print(upgraded, terminator: "") }
    try OutputFiles(force: true, LocalFileSystem()).write(upgraded, to: spec, .upgradedSpec)
    Console.tell("'\(spec.printable)' is in the present version now")
  }
}
