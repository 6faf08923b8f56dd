import ArgumentParser
import Basics
import Datasets
import Images
import Inspection
import Runs
import Spec
import Training

/// `fadein dataset statistics`: what the images have in common, as pictures.
struct DatasetStatistics: FadeinCommand {
  static let configuration = CommandConfiguration(
    commandName: "statistics",
    abstract: "Draws the mean, deviation, median, mode, minimum and maximum of the images at each pixel.",
    discussion: """
      Writes mean.png, deviation.png, median.png, mode.png, minimum.png, maximum.png and statistics.csv to --out; with --of 7 also \
      mean-of-7-seed0.png and so on, of 7 images chosen at random.
      """)

  @OptionGroup var images: ImageFolderArguments

  @Option(help: ArgumentHelp("Where the pictures go.", valueName: "dir"), completion: .directory)
  var out: String

  @Option(
    help: ArgumentHelp("The side that images are brought to, a power of two from 4 to 1024; 256 by default.", valueName: "pixels"))
  var resolution: Resolution?

  @Option(help: "How an image that is not square becomes square: squash, crop or pad.")
  var fit = DataSpec.Fit.squash

  @Option(help: ArgumentHelp("Also the pictures of so many images chosen at random.", valueName: "n"))
  var of: Int?

  @Option(help: "The seed of the choice.")
  var seed: UInt64 = 0

  @Option(help: ArgumentHelp("A name or glob pattern of files to leave out; may be given several times.", valueName: "pattern"))
  var exclude: [String] = []

  @OptionGroup var output: OutputArguments

  func validate() throws {
    if let of, of < 1 { throw ValidationError("--of must be at least 1, not \(of)") }
  }

  func execute() throws {
    let system = LocalFileSystem()
    let (folder, files) = try images.files(exclude: exclude)
    let set = StatisticsSet(files, in: folder, threads: images.threads.count)
    if let of, of > set.count {
      throw Diagnostics("'\(images.folder)' has \(set.count) usable images, fewer than --of \(of)", exitCode: .badData)
    }
    guard set.count > 0 else { throw Diagnostics("'\(images.folder)' has no usable image", exitCode: .badData) }
    let outputs = output.files(apartFrom: [folder], system)
    try outputs.check(targets(for: set.count))
    try system.createDirectories(out)
    try output.alone(in: out, outputs) { try write(set, $0) }
    if set.turned > 0 { Console.tell(Dataset.turnedNotice(set.turned) + ".") }
    if set.skipped > 0 { Console.tell("\(set.skipped) files are no usable images and are left out.") }
  }

  private func write(_ set: StatisticsSet, _ outputs: OutputFiles) throws {
    var table = StatisticsCSV()
    for chosen in [nil, of.map { set.chosen($0, seed: seed) }] {
      if chosen == nil && table.hasRows { continue }
      let (side, fit) = (resolution?.side ?? 256, fit)
      let statistics = try set.statistics(of: chosen, side: side, threads: images.threads.count) {
        Resample.square($0, side: side, fit: fit)
      }
      for (kind, picture) in statistics.pictures {
        let texts = chosen == nil ? [] : [PNGText("fadein:seed", "\(seed)")]
        try outputs.write(
          OutputMark.png(picture, of: "dataset statistics", texts), to: path(kind, isOfChosen: chosen != nil), .statisticsPicture)
      }
      table.append(statistics)
      if let chosen { print("chosen at random: " + chosen.map { set.path($0).printable }.joined(separator: " ")) }
    }
    try outputs.write(table.text, to: tablePath, .statistics)
    print(table.table.text, terminator: "")
  }

  /// All files that are written.
  private func targets(for count: Int) -> [(String, OutputMark)] {
    let kinds = PixelStatistics.Kind.allCases
    let chosen = of == nil ? [] : kinds.map { path($0, isOfChosen: true) }
    return [(tablePath, .statistics)] + (kinds.map { path($0, isOfChosen: false) } + chosen).map { ($0, .statisticsPicture) }
  }

  private var tablePath: String { Path.join(out, "statistics.csv") }

  /// As in `mean.png`, and `mean-of-7-seed0.png` of chosen images.
  private func path(_ kind: PixelStatistics.Kind, isOfChosen: Bool) -> String {
    let suffix = isOfChosen ? of.map { "-of-\($0)-seed\(seed)" } ?? "" : ""
    return Path.join(out, "\(kind.rawValue)\(suffix).png")
  }
}
