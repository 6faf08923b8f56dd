import ArgumentParser
import Basics
import Kernels
import Runs
import Training

/// `fadein evaluate`: measures a run's drawn images later on.
struct Evaluate: FadeinCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures how good and how varied a run's images are.",
    discussion: """
      Prints what a row of evaluations.csv has: each metric, and beside it what training images measure among themselves. With the \
      run's own counts and seed it is the row that the run wrote at that iteration. Nothing in the run's directory is changed.
      """)

  @OptionGroup var run: RunArgument

  @Option(
    help: ArgumentHelp(
      "The checkpoint to measure, by its iteration; the finished run's generator by default.", valueName: "iteration"))
  var checkpoint: Int?

  @Option(help: ArgumentHelp("Images to draw; as many as record.evaluate.images says by default.", valueName: "n"))
  var images: Int?

  @Option(help: "The seed of latents, patches and directions; the run's own by default.")
  var seed: UInt64?

  @Flag(help: "One JSON object, keyed by the columns of evaluations.csv.")
  var json = false

  var printsJSON: Bool { json }

  @Option(help: ArgumentHelp("Also adds the row to this CSV file.", valueName: "file"), completion: .file(extensions: ["csv"]))
  var csv: String?

  @OptionGroup var threads: ThreadArguments

  func validate() throws {
    if let images, !(2...65_536).contains(images) { throw ValidationError("--images must be from 2 to 65536, not \(images)") }
  }

  mutating func execute() throws {
    let files = LocalFileSystem()
    if let csv { try OutputFiles(force: false, files).checkAppending(to: csv) }
    let evaluation = try RunEvaluation(
      try run.find(files), checkpoint: checkpoint, images: images, seed: seed, threads: threads.count, files)
    for change in evaluation.changes { Console.tell(Diagnostics([Diagnostic("other images: \(change)", severity: .warning)])) }
    if let csv { try evaluation.checkAppending(to: csv) }
    let row = try evaluation(on: threads.lanes)
    let cells = Array(zip(evaluation.columns, row.cells(evaluation.measured).map(\.field)))
    if let csv { try evaluation.append(row, to: csv) }
    if json {
      print(try JSONLine.text(Dictionary(uniqueKeysWithValues: cells.filter { !$1.isEmpty }.map { ($0, RunEntry.Metric($1)) })))
    } else {
      print(Self.table(row, evaluation.measured, cells).text, terminator: "")
    }
  }

  /// A row for each measured value, the floor beside it.
  private static func table(_ row: EvaluationRow, _ measured: [String], _ cells: [(column: String, field: String)]) -> Table {
    let fields = Dictionary(uniqueKeysWithValues: cells.map { ($0.column, $0.field) })
    var table = Table([Table.Column("MEASURE"), Table.Column("DRAWN", .right), Table.Column("REAL", .right)])
    for column in EvaluationsCSV.places { table.append([column, fields[column] ?? "", ""]) }
    for column in measured where !column.hasPrefix("floor.") && fields[column]?.isEmpty == false {
      table.append([column, fields[column] ?? "", fields["floor.\(column)"] ?? ""])
    }
    return table
  }
}
