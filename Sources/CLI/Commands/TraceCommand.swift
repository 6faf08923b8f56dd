import ArgumentParser
import Basics
import Kernels
import Models
import Runs
import Spec
import Training

/// `fadein trace`: records one training iteration.
struct TraceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trace",
    abstract: "Records one training iteration, so that another framework can check it.")

  @OptionGroup var arguments: SpecArguments

  @Option(help: "The iteration to record.")
  var iteration: Int

  @Option(help: "The safetensors file to write.")
  var out: String

  @OptionGroup var threads: ThreadArguments

  mutating func run() throws {
    let spec = try arguments.read(checkingFiles: true)
    let schedule = Schedule(spec)
    guard let moment = schedule.moment(iteration) else {
      throw Diagnostics("there is no iteration \(iteration): the schedule has \(schedule.iterations)", exitCode: .usage)
    }
    let dataset = try Dataset.load(spec.data, needed: moment.phase.batch, threads: threads.count)
    var feed = ImageFeed(dataset, augment: spec.data.augment, range: 0...1, seed: spec.seed)
    let trace = try Trace(
      spec, at: moment, schedule: schedule, from: TrainingState(spec), lanes: Lanes(count: threads.count)
    ) { feed.fill($0, resolution: $1) }
    try Safetensors.write(trace.tensors, metadata: trace.metadata, to: out, in: LocalFileSystem())
  }
}
