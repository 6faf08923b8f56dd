import ArgumentParser
import Basics
import Foundation
import Kernels
import Runs
import Spec
import Training

/// `fadein generate`: images from a trained generator.
struct Generate: FadeinCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draws images with a run's generator.",
    discussion:
      "Writes 0000.png, 0001.png ... to --out; with --grid also grid.png, with --interpolate an animated interpolation.png.")

  @Argument(help: "The run: its directory, or <name> for its newest version, or <name>/<version>.", completion: .directory)
  var run: String

  @OptionGroup var folder: RunsArgument

  @Option(help: ArgumentHelp("Images to write, 16 by default.", valueName: "n"))
  var count: Int?

  @Option(help: "The seed of the latents.")
  var seed: UInt64 = 0

  @Option(
    help: ArgumentHelp("Where the images go, generated/ in the run's directory by default.", valueName: "dir"),
    completion: .directory)
  var out: String?

  @Option(help: ArgumentHelp("Also one sheet of this many rows and columns, as in 4x8.", valueName: "RxC"))
  var grid: GridSize?

  @Option(help: ArgumentHelp("Also an animated PNG that wanders through the latents, with this many frames.", valueName: "frames"))
  var interpolate: Int?

  @Option(
    help: ArgumentHelp(
      "The checkpoint to draw from, by its iteration; the finished run's generator by default.", valueName: "iteration"))
  var checkpoint: Int?

  @OptionGroup var threads: ThreadArguments

  func validate() throws {
    if let count, !(1...100_000).contains(count) { throw ValidationError("--count must be from 1 to 100000, not \(count)") }
    if let interpolate, !(2...10_000).contains(interpolate) {
      throw ValidationError("--interpolate must be from 2 to 10000 frames, not \(interpolate)")
    }
  }

  /// Images in memory at a time.
  private static let imagesAtOnce = 64

  mutating func execute() throws {
    let files = LocalFileSystem()
    let directory = try RunDirectory.find(run, in: folder.runs, files)
    let model = try TrainedGenerator(directory, checkpoint: checkpoint, lanes: Lanes(count: threads.count), files)
    let target = out ?? Path.join(directory.path, "generated")
    try files.createDirectories(target)
    var written: [String] = []
    func write(_ bytes: [UInt8], _ name: String) throws {
      let path = Path.join(target, name)
      try AtomicFile.write(bytes, to: path, in: files)
      written.append(path)
    }
    // With only a sheet or an animation asked for, single images are not.
    let singles = count ?? (grid == nil && interpolate == nil ? 16 : 0)
    for first in stride(from: 0, to: singles, by: Self.imagesAtOnce) {
      let numbers = first..<min(first + Self.imagesAtOnce, singles)
      for (number, image) in zip(numbers, model.images(numbers, seed: seed)) {
        try write(PNG.encode(image), String(repeating: "0", count: max(0, 4 - "\(number)".count)) + "\(number).png")
      }
    }
    if let grid {
      try write(
        PNG.encode(
          ImageGrid(columns: grid.columns, side: model.displaySide).compose(fixed: model.images(0..<grid.count, seed: seed))),
        "grid.png")
    }
    if let interpolate {
      let frames = model.interpolation(frames: interpolate, seed: seed)
      try write(APNG.encode(frames, delayMilliseconds: 50, loops: 0), "interpolation.png")
    }
    print((written.count == 1 ? written[0] : "\(written.count) files in \(target)").printable)
  }
}

/// Rows and columns, as in `4x8`.
struct GridSize: ExpressibleByArgument {
  let rows: Int
  let columns: Int
  var count: Int { rows * columns }

  init?(argument: String) {
    let parts = argument.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let rows = parts[0], let columns = parts[1], (1...100).contains(rows), (1...100).contains(columns)
    else { return nil }
    (self.rows, self.columns) = (rows, columns)
  }
}
