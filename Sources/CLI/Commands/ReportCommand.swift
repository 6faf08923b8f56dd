import ArgumentParser
import Basics
import Comparison
import Kernels
import Reports
import Runs

/// `fadein report`: a page about runs.
struct ReportCommand: FadeinCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Writes one HTML file about runs: tables, curves, samples, differences.",
    discussion: """
      The page needs nothing but itself: it loads nothing and runs nothing. The same runs give the same bytes.
      """)

  @Argument(
    help: "Runs: directories, <name>/<version>, <name> for its newest version, patterns like 'penalty/*', sweeps; all by default.",
    completion: .directory)
  var runs: [String] = []

  @Option(help: ArgumentHelp("Where the page goes; what stands there is replaced.", valueName: "file.html"), completion: .file())
  var out: String

  @Option(help: "The page's title; the names of the runs by default.")
  var title: String?

  @Option(
    help: ArgumentHelp(
      "The column that tells which run is better, as swd_mean or ms_ssim:max; the sweep's objective or swd_mean by default.",
      valueName: "column[:max]"))
  var objective: ObjectiveArgument?

  @OptionGroup var folder: RunsArgument

  func execute() throws {
    let files = LocalFileSystem()
    let selection = try RunSelection(runs, in: folder.runs, files)
    let (found, skipped) = ComparedRun.read(selection, threads: Lanes.available, files)
    for skipped in skipped {
      Console.tell(Diagnostics([Diagnostic("skipped: \(skipped.reason)", severity: .warning, file: skipped.path)]))
    }
    guard !found.isEmpty else { throw Diagnostics("there is no run to report on", exitCode: .inputNotFound) }
    let report = try Report(
      title: title, runs: found, skipped: skipped, objective: objective?.objective, version: Fadein.version, files)
    try AtomicFile.write(try report.html(), to: out, in: files)
    print(out.printable)
  }
}

/// An objective, as in `ms_ssim:max`.
struct ObjectiveArgument: ExpressibleByArgument {
  let objective: Objective

  init?(argument: String) {
    let parts = argument.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard let metric = parts.first, !metric.isEmpty, parts.count <= 2, ["min", "max"].contains(parts.count == 2 ? parts[1] : "min")
    else { return nil }
    objective = Objective(metric: metric, isMaximised: parts.last == "max" && parts.count == 2)
  }
}
