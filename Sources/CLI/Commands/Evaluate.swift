import ArgumentParser
import Basics
import Kernels
import Runs
import Spec
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
    if let csv { try evaluation.append(row, to: csv) }
    if json {
      print(try JSONLine.text(row.texts(evaluation.columns).mapValues(RunEntry.Metric.init)))
    } else {
      print(Self.table(row, evaluation.measured).text, terminator: "")
    }
  }

  /// A row for each measured value, the floor beside it.
  private static func table(_ row: MeasuredRow, _ measured: [Column]) -> Table {
    var table = Table([Table.Column("MEASURE"), Table.Column("DRAWN", .right), Table.Column("REAL", .right)])
    let places = EvaluationColumns.places
    let texts = row.texts(places + measured)
    for name in places.map(\.name) { table.append([name, texts[name] ?? "", ""]) }
    for name in measured.map(\.name) where !name.hasPrefix(Column.floor) {
      if let text = texts[name] { table.append([name, text, texts[Column.floor + name] ?? ""]) }
    }
    return table
  }
}
