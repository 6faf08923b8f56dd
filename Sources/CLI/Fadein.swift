import ArgumentParser
import Basics

/// The program: one subcommand a file.
@main struct Fadein: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fadein",
    abstract: "Grows GANs from YAML.",
    discussion: """
      An experiment is a YAML file; a run is a directory of metrics, samples and checkpoints. Start with:

        fadein run experiments/quickstart.yaml
      """,
    version: build.sentence,
    subcommands: [
      Validate.self,
      Upgrade.self,
      PlanCommand.self,
      Run.self,
      Resume.self,
      Verify.self,
      Generate.self,
      Evaluate.self,
      Sweep.self,
      List.self,
      Compare.self,
      Why.self,
      ReportCommand.self,
      DatasetCommand.self,
      TraceCommand.self,
      Bench.self,
      Explain.self,
      Schema.self,
    ])

  /// The version's number.
  static let version = "0.1.0"

  /// The version and the commit that it was built from, which `--version` prints and `run.json` records.
  static let build = ProgramVersion(version, build: BuildName.text)
}
