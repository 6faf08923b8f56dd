import ArgumentParser
import Basics
import Datasets
import Kernels
import Models
import Runs
import Spec
import Training

/// `fadein trace`: records one training iteration.
struct TraceCommand: FadeinCommand {
  static let configuration = CommandConfiguration(
    commandName: "trace",
    abstract: "Records one training iteration, so that another framework can check it.",
    discussion:
      "The safetensors file holds the iteration's inputs, losses and gradients, and every weight before and after. The networks are freshly initialized, in the iteration's phase and alpha, unless --from names a run."
  )

  @OptionGroup var arguments: SpecArguments

  @Option(help: "The iteration to record; with --from, the one after the checkpoint by default.")
  var iteration: Int?

  @Option(help: ArgumentHelp("The file to write.", valueName: "file"), completion: .file(extensions: ["safetensors"]))
  var out: String

  @Option(
    help: ArgumentHelp(
      "A run of this spec: start from its newest checkpoint that is not later than the iteration.", valueName: "run"))
  var from: String?

  @OptionGroup var folder: RunsArgument

  @OptionGroup var threads: ThreadArguments

  @OptionGroup var images: CacheArguments

  @OptionGroup var output: OutputArguments

  mutating func execute() throws {
    let spec = try arguments.read(checkingFiles: true)
    let files = LocalFileSystem()
    let outputs = output.files(apartFrom: [spec.data.path], files)
    try outputs.check([out], .trace)
    let schedule = Schedule(spec)
    try TrainingMemory(spec, threads: threads.count).requireTraining(copies: 2)
    let state = TrainingState(spec)
    var place: FeedState?
    if let from {
      let run = try RunDirectory.find(from, in: folder.runs, files)
      let store = CheckpointStore(run.checkpoints, keep: 1, in: try files.confined(to: run.path))
      let known = try store.iterations().last { iteration == nil || $0 < iteration! }
      guard let known else {
        throw Diagnostics("'\(run.path)' has no checkpoint before iteration \(iteration ?? 1)", exitCode: .inputNotFound)
      }
      place = try state.restore(try store.open(known)).feed
    }
    guard let wanted = iteration ?? (from == nil ? nil : state.iteration + 1) else {
      throw ValidationError("--iteration says which iteration to record")
    }
    guard let moment = schedule.moment(wanted) else {
      throw Diagnostics(
        "there is no iteration \(wanted)", note: "the schedule has iterations 1 to \(schedule.iterations)", exitCode: .usage)
    }
    let dataset = try images.with {
      try Dataset.load(spec.data, needed: moment.phase.batch, threads: threads.count, cache: $0)
    }
    var feed = ImageFeed(dataset, augment: spec.data.augment, range: spec.generator.output.range, seed: spec.seed)
    // At another iteration than the next one the images are those of the next one.
    if let place { _ = feed.restore(place) }
    let trace = try Trace(spec, at: moment, schedule: schedule, from: state, lanes: threads.lanes) {
      feed.fill($0, resolution: $1)
    }
    try outputs.check([out], .trace)
    let metadata = trace.metadata.merging(OutputMark.writerMetadata("trace")) { own, _ in own }
    try Safetensors.write(trace.tensors, metadata: metadata, to: out, in: files)
    print("iteration \(wanted), \(moment.phase.resolution)x\(moment.phase.resolution), alpha \(Float(moment.alpha)): \(out)")
  }
}
