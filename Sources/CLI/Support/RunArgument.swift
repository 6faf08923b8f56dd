import ArgumentParser
import Basics
import Runs

/// An existing run, as a user names it.
struct RunArgument: ParsableArguments {
  @Argument(help: "The run: its directory, or <name> for its newest version, or <name>/<version>.", completion: .directory)
  var run: String

  @OptionGroup var folder: RunsArgument

  /// The run's directory.
  func find(_ files: any FileSystem) throws -> RunDirectory { try RunDirectory.find(run, in: folder.runs, files) }
}
