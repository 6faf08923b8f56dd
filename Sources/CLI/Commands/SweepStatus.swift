import ArgumentParser
import Basics
import Studies

/// A sweep, as a user names it.
struct SweepArgument: ParsableArguments {
  @Argument(help: "The sweep: its directory, or <name> for its newest version, or <name>/<version>.", completion: .directory)
  var sweep: String

  @OptionGroup var folder: RunsArgument

  func study() throws -> Study {
    let files = LocalFileSystem()
    return try Study(try SweepDirectory.find(sweep, in: folder.runs, files), files)
  }
}

/// `fadein sweep status`: the status of a sweep.
struct SweepStatus: FadeinCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Shows how the trials of a sweep stand.",
    discussion: "All of it is read from files and locks; for a sweep on a Slurm cluster squeue is asked as well.")

  @OptionGroup var sweep: SweepArgument

  @Flag(help: "One JSON object.")
  var json = false

  var printsJSON: Bool { json }

  func execute() throws {
    let study = try sweep.study()
    if json { return print(try JSONLine.text(SweepStatusJSON(try SweepStatusText(study)))) }
    print(try SweepStatusText(study).text, terminator: "")
    if let line = try SlurmQueue().line(study) { print(line) }
  }
}
