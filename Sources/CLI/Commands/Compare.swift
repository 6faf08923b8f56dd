import ArgumentParser
import Basics
import Comparison
import Foundation
import Runs

/// `fadein compare`: a table of runs.
struct Compare: FadeinCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compares runs in a table: settings that differ, metrics, repeats, tests.",
    discussion: """
      Columns are run, status, label, started, seconds, params.<setting> and metrics.<column>; what comes before the first dot may
      be left out. Repeats with different seeds are one row with mean, deviation and 95% interval when all runs are of sweeps.
      """)

  @Argument(
    help: "Runs, patterns such as 'penalty/*', and sweeps, which stand for their trials; all runs by default.",
    completion: .directory)
  var references: [String] = []

  @OptionGroup var folder: RunsArgument
  @OptionGroup var values: ComparedValues
  @OptionGroup var layout: ComparisonLayout

  @Flag(inversion: .prefixedNo, help: "One row for all repeats of a run, or one for each run.")
  var group: Bool?

  @Option(
    help: ArgumentHelp("Differences from this run, or from the repeats that it belongs to, by equal seeds.", valueName: "run"))
  var against: String?

  @Option(help: ArgumentHelp("The paired test for --against.", valueName: "t|wilcoxon"))
  var test: PairedTest.Method = .t

  @OptionGroup var threads: ThreadArguments

  var printsJSON: Bool { layout.json }

  /// Numbers of a table; each takes 16 bytes.
  private static let mostNumbers = 4_000_000

  func validate() throws {
    if against != nil, group == false { throw ValidationError("--against compares repeats, which --no-group takes apart") }
  }

  func execute() throws {
    let files = LocalFileSystem()
    try layout.checkOutput()
    guard try !references.isEmpty || files.status(of: folder.runs) != nil else {
      return Console.tell("There is no folder '\(folder.runs.printable)' yet: a first 'fadein run' makes it.")
    }
    let baseline = try against.map { try run(meantBy: $0, files) }
    let named = references.isEmpty ? [] : references + (against.map { [$0] } ?? [])
    let selection = try RunSelection(named, in: folder.runs, files)
    let (read, skipped) = ComparedRun.read(selection, threads: threads.count, files)
    // Runs of an ablation go by the names of their changes, and are compared with the one without any.
    let ablation = group == false ? nil : Ablation(read, files)
    let runs = ablation?.runs ?? read
    let columns = ColumnIndex(runs)
    let choice = try layout.choice(columns, SweepFacts(of: runs, files))
    guard choice.metrics.count * runs.count <= Self.mostNumbers else {
      throw Diagnostics(
        "\(choice.metrics.count) metrics of \(runs.count) runs are more than the \(Self.mostNumbers) numbers of a comparison",
        note: "choose with --columns, or compare fewer runs", exitCode: .badData)
    }
    let measured = values.read(runs, metrics: choice.metrics, threads: threads.count, files)
    Console.tell(skipped + measured.skipped)
    guard !measured.runs.isEmpty else {
      if references.isEmpty { return Console.tell("There are no runs in '\(folder.runs.printable)' yet.") }
      throw Diagnostics("there is no run to compare", exitCode: .inputNotFound)
    }
    let isGrouped = group ?? (against != nil || ComparisonTable.isBestGrouped(measured.runs))
    var table = ComparisonTable(
      measured.runs, columns: columns, metrics: choice.metrics, values: measured.values, isGrouped: isGrouped)
    var reference = try baseline.map { try row(of: $0, in: table, selection) }
    if reference == nil, let name = ablation?.baseline?.name {
      reference = table.row(with: name).map { Reference($0, test, corrects: true) }
    }
    Console.tell(
      table.repeated.map { RunCatalog.Skipped(path: $0.directory.path, reason: "another run has the same settings and seed") })
    if let filter = choice.filter { table.keep(filter) }
    if let sort = choice.sort { table.sort(by: sort.column, isDescending: sort.isDescending) }
    if let top = layout.top { table.top(top) }
    if table.imageSets > 1 { Console.tell("note: these runs were trained on \(table.imageSets) different sets of images") }
    try layout.show(table, choice, reference, notes: measured.notes(table.rows), files)
  }

  private func run(meantBy text: String, _ files: any FileSystem) throws -> RunDirectory {
    let runs = try RunSelection([text], in: folder.runs, files).runs
    guard runs.count == 1 else {
      let note =
        "a row is called by one of its runs, as in \(runs.first.map { RunSelection.name(of: $0, in: folder.runs) } ?? text)"
      throw Diagnostics("--against takes one run, but '\(text)' is \(runs.count)", note: note, exitCode: .usage)
    }
    return runs[0]
  }

  private func row(of run: RunDirectory, in table: ComparisonTable, _ selection: RunSelection) throws -> Reference {
    let name = selection.name(of: run)
    guard let row = table.row(with: name) else {
      throw Diagnostics("the run '\(name)' of --against cannot be compared", exitCode: .badData)
    }
    return Reference(row, test)
  }
}

extension PairedTest.Method: ExpressibleByArgument {}
