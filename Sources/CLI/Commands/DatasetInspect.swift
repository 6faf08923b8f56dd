import ArgumentParser
import Basics
import Datasets
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

  func validate() throws {
    guard (0...1000).contains(distance) else { throw ValidationError("--distance must be from 0 to 1000, not \(distance)") }
    guard (0...1000).contains(irregular) else { throw ValidationError("--irregular must be from 0 to 1000, not \(irregular)") }
  }

  func execute() throws {
    let (folder, files) = try images.files()
    let inspection = Inspection(files, in: folder, distance: distance, threads: images.threads.count)
    print(InspectionReport(inspection).text, terminator: "")
    guard let out else { return }
    let system = LocalFileSystem()
    try system.createDirectories(out)
    try AtomicFile.write(InspectionCSV.text(inspection), to: Path.join(out, "dataset.csv"), in: system)
    let sheets = InspectionSheets(inspection, folder: folder, irregular: irregular) { Resample.resize($0, width: $1, height: $2) }
    let omitted = try sheets.write { name, page throws(FileError) in
      try AtomicFile.write(PNG.encode(page), to: Path.join(out, name), in: system)
    }
    if omitted > 0 { Console.tell("\(omitted) more contact sheets are not written; dataset.csv has all files.") }
  }
}
