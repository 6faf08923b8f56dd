import ArgumentParser
import Basics
import Datasets
import Images
import Runs
import Spec
import Training

/// `fadein dataset preview`: originals beside what augmentation makes of them.
struct DatasetPreview: FadeinCommand {
  static let configuration = CommandConfiguration(
    commandName: "preview",
    abstract: "Draws images of a spec beside what the discriminator may see of them.",
    discussion: """
      Each row begins with an original, made square and resized as for training. Beside it stands what data.augment and \
      discriminator.augment make of it. To try an augmentation that the spec does not have yet:

        fadein dataset preview SPEC 'data.augment.brightness={factor: [0.8, 1.2]}'
      """)

  @OptionGroup var arguments: SpecArguments

  @Option(help: ArgumentHelp("Originals, a row each.", valueName: "n"))
  var count = 8

  @Option(help: ArgumentHelp("Changed images beside each original.", valueName: "n"))
  var variants = 7

  @Option(help: ArgumentHelp("Chooses images and changes; the spec's seed by default.", valueName: "n"))
  var seed: UInt64?

  @Option(
    help: ArgumentHelp(
      "The file to write; <name>-preview.png by default, <name>-preview-seed5.png with --seed 5.", valueName: "file"),
    completion: .file(extensions: ["png"]))
  var out: String?

  @OptionGroup var threads: ThreadArguments

  @OptionGroup var images: CacheArguments

  @OptionGroup var output: OutputArguments

  /// Pixels that an image is enlarged to, by a whole factor.
  private static let side = 64
  /// Pixels of the largest sheet on a side.
  private static let largestSheet = 32768

  func validate() throws {
    for (name, value) in [("count", count), ("variants", variants)] where !(1...256).contains(value) {
      throw ValidationError("--\(name) must be from 1 to 256, not \(value)")
    }
  }

  mutating func execute() throws {
    let spec = try arguments.read(checkingFiles: true)
    let target = out ?? "\(spec.name)-preview\(seed.map { "-seed\($0)" } ?? "").png"
    let outputs = output.files(apartFrom: [spec.data.path])
    try outputs.check([target], .preview)
    let side = max(spec.data.resolution, Self.side)
    guard (max(count, variants) + 2) * side <= Self.largestSheet else {
      throw Diagnostics("the picture would be too large", note: "try a smaller --count or --variants", exitCode: .usage)
    }
    let augment = spec.discriminator.augment
    if spec.data.augment.isEmpty && augment?.isEmpty != false {
      let note = "every image is shown as it is; '\(arguments.spec)' has no data.augment and no discriminator.augment"
      Console.tell(Diagnostics([Diagnostic("there is no augmentation to see", severity: .warning, note: note)]))
    }
    let dataset = try images.with { try Dataset.load(spec.data, needed: 1, threads: threads.count, cache: $0) }
    let seen = try SeenImages(spec, side: dataset.resolution, seed: seed ?? spec.seed, lanes: threads.lanes)
    let sheet = AugmentationSheet(dataset, spec.data.augment, seed: seed ?? spec.seed, then: seen?.change)
    for notice in dataset.notices { Console.tell(notice) }
    let texts = [PNGText("fadein:experiment", spec.name), PNGText("fadein:seed", "\(seed ?? spec.seed)")]
    let picture = sheet.image(count: count, variants: variants, side: Self.side)
    try outputs.write(OutputMark.png(picture, of: "dataset preview", texts), to: target, .preview)
    let viewer =
      seen == nil ? "" : ", as the discriminator sees them" + (augment?.adaptive == nil ? "" : " at the highest probability")
    print("\(min(count, dataset.count)) images, \(variants) variants each\(viewer): \(target.printable)")
  }
}
