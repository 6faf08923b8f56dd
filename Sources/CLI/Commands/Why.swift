import ArgumentParser
import Basics
import Comparison
import Runs

/// `fadein why`: the first row where two runs part, and what may have parted them.
struct Why: FadeinCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tells why two runs differ: their specs, where they ran, the first row where they part.",
    discussion: """
      Ends with 0 when the rows of metrics.csv agree as far as both go, and with 1 when they part.
      """)

  @Argument(help: "A run: its directory, or <name> for its newest version, or <name>/<version>.", completion: .directory)
  var first: String

  @Argument(help: "Another one.", completion: .directory)
  var second: String

  @OptionGroup var folder: RunsArgument

  @Flag(help: "One JSON object.")
  var json = false

  var printsJSON: Bool { json }

  func execute() throws {
    let files = LocalFileSystem()
    let runs = try [first, second].map { try RunDirectory.find($0, in: folder.runs, files) }
    let difference = try RunDifference(runs[0], runs[1], files)
    if json {
      print(try JSONLine.text(DifferenceJSON(difference, runs)))
    } else {
      print(RunDifferenceText(difference, runs).text, terminator: "")
    }
    if difference.metrics?.row != nil { throw ArgumentParser.ExitCode(Basics.ExitCode.stoppedByRule.rawValue) }
  }
}
