import ArgumentParser
import Basics
import Images
import Inspection
import Kernels
import Runs
import Training

/// `fadein dataset inspect`: counts, copies, look-alikes and the irregular.
struct DatasetInspect: FadeinCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Tells what is in a folder: sizes, damaged files, copies, look-alikes, irregular images.",
    discussion: "Prints tables; with --out also writes dataset.csv and contact sheets there.")

  @OptionGroup var images: ImageFolderArguments

  @Option(
    help: ArgumentHelp("Where dataset.csv and the contact sheets go; without it nothing is written.", valueName: "dir"),
    completion: .directory)
  var out: String?

  @Option(
    help: ArgumentHelp("Look-alikes differ in at most so many thousandths of their cells.", valueName: "thousandths"))
  var distance = Inspection.defaultDistance

  @Option(help: ArgumentHelp("How many of the most irregular images the sheet shows.", valueName: "n"))
  var irregular = 40

  @Flag(help: "Print one JSON object instead of the tables.")
  var json = false

  @OptionGroup var output: OutputArguments

  var printsJSON: Bool { json }

  func validate() throws {
    guard (0...1000).contains(distance) else { throw ValidationError("--distance must be from 0 to 1000, not \(distance)") }
    guard (0...1000).contains(irregular) else { throw ValidationError("--irregular must be from 0 to 1000, not \(irregular)") }
  }

  private static let table = "dataset.csv"

  func execute() throws {
    let (folder, files) = try images.files()
    let system = LocalFileSystem()
    let outputs = output.files(apartFrom: [folder], system)
    if let out { try outputs.check([Path.join(out, Self.table)], .inspection) }
    let inspection = Inspection(files, in: folder, distance: distance, threads: images.threads.count)
    let sheets = InspectionSheets(inspection, folder: folder, irregular: irregular)
    if let out { try outputs.check(sheets.names.map { Path.join(out, $0) }, .inspectionSheet) }
    if json {
      print(try JSONLine.text(InspectionJSON(inspection, folder: folder, irregular: irregular)))
    } else {
      print(InspectionReport(inspection).text, terminator: "")
    }
    guard let out else { return }
    try system.createDirectories(out)
    let omitted = try output.alone(in: out, outputs) { outputs in
      try outputs.write(InspectionCSV.text(inspection), to: Path.join(out, Self.table), .inspection)
      return try sheets.write { name, page in
        try outputs.write(OutputMark.png(page, of: "dataset inspect"), to: Path.join(out, name), .inspectionSheet)
      }
    }
    if omitted > 0 { Console.tell("\(omitted) more contact sheets are not written; dataset.csv has all files.") }
  }
}
