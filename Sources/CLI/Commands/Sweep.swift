import ArgumentParser

/// `fadein sweep`: many runs from one file.
struct Sweep: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Plans, runs, resumes and reports many runs of an experiment.",
    discussion: """
      A sweep file names an experiment, the settings that differ, and how their values are chosen. Everything goes to \
      runs/<name>/v001: trials.csv has a row for each trial, and trials/t0001, ... are ordinary run directories. The same command \
      continues a sweep that was interrupted.
      """,
    subcommands: [SweepRun.self, SweepStatus.self, SweepRetry.self, SweepWork.self], defaultSubcommand: SweepRun.self)
}
