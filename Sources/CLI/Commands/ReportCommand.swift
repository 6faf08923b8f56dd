import ArgumentParser
import Basics
import Comparison
import Reports
import Runs
import Spec
import Studies

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

  @Option(help: ArgumentHelp("Where the page goes; an older page there is replaced.", valueName: "file.html"), completion: .file())
  var out: String

  @Option(help: "The page's title; the sweep's or the runs' names by default.")
  var title: String?

  @Option(
    help: ArgumentHelp(
      "The column that tells which run is better, as swd_mean or nearest:max; the sweep's objective or swd_mean by default.",
      valueName: "column[:max]"))
  var objective: ObjectiveArgument?

  @OptionGroup var folder: RunsArgument

  @Option(
    help: ArgumentHelp(
      "Only runs like these: 'params.optimizer.adam.rate < 1e-3 and metrics.swd_mean < 20'.", valueName: "condition"))
  var filter: String?

  @OptionGroup var threads: ThreadArguments

  @OptionGroup var output: OutputArguments

  func execute() throws {
    let files = LocalFileSystem()
    let outputs = output.files(files)
    try outputs.check([out], .page)
    let selection = try RunSelection(runs, in: folder.runs, files)
    let (found, skipped) = ComparedRun.read(selection, threads: threads.count, files)
    Console.tell(skipped)
    let meant = try filtered(found, files)
    if let metric = objective?.objective.metric, !meant.isEmpty { try check(metric, ColumnIndex(meant)) }
    let report = try Report(
      title: title, runs: meant, skipped: skipped, objective: objective?.objective, measures: Language.fadein.measured,
      version: Fadein.version, threads: threads.count, files)
    let page = report.page()
    Console.tell(page.skipped)
    try outputs.write(page.html, to: out, .page)
    print(out.printable)
  }

  /// Throws when no run measures `metric`.
  private func check(_ metric: String, _ columns: ColumnIndex) throws(Diagnostics) {
    guard !columns.metrics.contains(metric) else { return }
    let suggestion = EditDistance.closest(to: metric, among: columns.metrics)
    throw Diagnostics("--objective: no run has the column '\(metric.shortened)'", suggestion: suggestion, exitCode: .usage)
  }

  /// The runs for which the condition holds.
  private func filtered(_ runs: [ComparedRun], _ files: any FileSystem) throws -> [ComparedRun] {
    guard let text = filter else { return runs }
    let columns = ColumnIndex(runs)
    let filter = try Filter(text, columns: columns)
    let metrics = columns.metrics.filter { filter.columns.contains(.metric($0)) }
    let values = MetricReading(metrics).values(of: runs, threads: threads.count, files)
    let readable = try zip(runs, values).map { (run: $0, values: try $1.get()) }
    var table = ComparisonTable(
      readable.map(\.run), columns: columns, metrics: metrics, values: readable.map(\.values), isGrouped: false)
    table.keep(filter)
    return table.rows.map(\.first)
  }
}

/// An objective, as in `nearest:max`.
struct ObjectiveArgument: ExpressibleByArgument {
  let objective: Objective

  init?(argument: String) {
    let parts = argument.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard let metric = parts.first, !metric.isEmpty, parts.count <= 2, ["min", "max"].contains(parts.count == 2 ? parts[1] : "min")
    else { return nil }
    objective = Objective(metric: metric, isMaximized: parts.last == "max" && parts.count == 2)
  }
}
