import ArgumentParser
import Basics
import Foundation
import Images
import Kernels
import Runs
import Spec
import Training

/// `fadein generate`: images from a trained generator.
struct Generate: FadeinCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draws images with a run's generator.",
    discussion: """
      Writes seed0-0000.png, seed0-0001.png ... to --out; with --grid also seed0-grid.png, with --interpolate an animated \
      seed0-interpolation.png. What a checkpoint draws has its iteration in front, as in iteration5000-seed0-0000.png. Each \
      file holds run, iteration, seed, number and version as texts.
      """)

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

  @Option(
    help: ArgumentHelp(
      "From 0 to 1: what is kept of a style's distance to the mean style, where a mapping makes styles. Less is calmer.",
      valueName: "share"))
  var truncation: Double?

  @OptionGroup var threads: ThreadArguments

  @OptionGroup var output: OutputArguments

  func validate() throws {
    if let truncation, !(0...1).contains(truncation) {
      throw ValidationError("--truncation must be from 0 to 1, not \(truncation)")
    }
    if let count, !(1...100_000).contains(count) { throw ValidationError("--count must be from 1 to 100000, not \(count)") }
    if let interpolate, !(2...10_000).contains(interpolate) {
      throw ValidationError("--interpolate must be from 2 to 10000 frames, not \(interpolate)")
    }
  }

  /// Images in memory at a time.
  private static let imagesAtOnce = 64

  mutating func execute() throws {
    let directory = try RunDirectory.find(run, in: folder.runs, LocalFileSystem())
    let files = try LocalFileSystem().confined(to: directory.path)
    // With only a sheet or an animation asked for, single images are not.
    let singles = count ?? (grid == nil && interpolate == nil ? 16 : 0)
    let model = try TrainedGenerator(directory, checkpoint: checkpoint, truncation: truncation, lanes: threads.lanes, files) {
      [grid, interpolate] memory, side in
      let display = max(side, memory.spec.data.resolution)
      let sheet =
        grid.map { memory.sheet($0.count, columns: $0.columns, side: side, display: display) }
        ?? MemoryNeed()
      // Frames and their PNGs.
      let frames = 2 * memory.drawn(interpolate ?? 0, side: side)
      return MemoryNeed.max(
        memory.drawn(min(singles, Self.imagesAtOnce), side: side), MemoryNeed.max(sheet, frames))
    }
    let names = DrawingNames(model, seed: seed)
    let all = (0..<singles).map(names.image) + (grid == nil ? [] : [names.grid]) + (interpolate == nil ? [] : [names.interpolation])
    let target = out ?? directory.drawings
    let outputs = output.files(apartFrom: model.images, files)
    try outputs.check(all.map { Path.join(target, $0) }, .drawings)
    try files.createDirectories(target)
    let texts = DrawingTexts(directory, model, seed: seed, files)
    try output.alone(in: target, outputs) { [grid, interpolate, seed] outputs in
      func write(_ png: [UInt8], _ name: String, _ what: DrawingTexts.What) throws {
        try outputs.write(PNG.adding(texts.texts(what), to: png), to: Path.join(target, name), .drawings)
      }
      for first in stride(from: 0, to: singles, by: Self.imagesAtOnce) {
        let numbers = first..<min(first + Self.imagesAtOnce, singles)
        for (number, image) in zip(numbers, model.images(numbers, seed: seed)) {
          try write(PNG.encode(image), names.image(number), .image(number))
        }
      }
      if let grid {
        let sheet = ImageGrid(columns: grid.columns, side: model.displaySide)
        try write(PNG.encode(sheet.compose(fixed: model.images(0..<grid.count, seed: seed))), names.grid, .grid(grid.count))
      }
      if let interpolate {
        let frames = model.interpolation(frames: interpolate, seed: seed)
        try write(APNG.encode(frames, delayMilliseconds: 50, loops: 0), names.interpolation, .interpolation(interpolate))
      }
    }
    print("drawn from \(model.source), iteration \(model.iteration) of \(model.iterations), seed \(seed)".printable)
    print((all.count == 1 ? Path.join(target, all[0]) : "\(all.count) files in \(target)").printable)
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
    self.rows = rows
    self.columns = columns
  }
}
