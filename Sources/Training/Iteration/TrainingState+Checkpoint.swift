import Basics
import Datasets
import Foundation
import Kernels
import Models
import Runs
import Spec

extension TrainingState {
  /// All there is to continue from: this state, the position of the feed, the lengths of the CSV files, and the resolved spec
  /// as YAML, which shows what was changed if the run's is edited. Beside that, what the checkpoint says of itself.
  ///
  /// The tensors are the buffers themselves, so the checkpoint must be written or copied before training continues.
  package func checkpoint(
    feed: FeedState, lengths: [String: Int], spec: String, notes: CheckpointNotes = CheckpointNotes()
  ) throws -> Checkpoint {
    let streams = [generatorLatents, discriminatorLatents, mixes]
    let training = CheckpointText.Training(
      iteration: iteration, steps: steps, streams: Dictionary(uniqueKeysWithValues: streams.map { ($0.name, $0.position) }),
      watch: watch == WatchState() ? nil : watch, images: images, earlier: earlier == 0 ? nil : earlier,
      measured: measured.isEmpty ? nil : measured.mapValues(\.bitPattern),
      augment: augment == AdaptiveProbability() ? nil : augment)
    let text = CheckpointText(training: training, feed: feed, lengths: lengths)
    return Checkpoint(
      iteration: iteration,
      tensors: buffers.keys.sorted().map { NamedTensor($0, .float32, shape: shapes[$0]!, memory: buffers[$0]!.memory) },
      state: try text.metadata().merging(["spec": spec]) { $1 }.merging(notes.metadata) { $1 })
  }

  /// Takes over the state in `checkpoint`, which must be of the same networks.
  /// - Returns: what else the checkpoint has: the position in the images, the lengths of the CSV files.
  @discardableResult
  package func restore(_ checkpoint: StoredCheckpoint) throws -> CheckpointText {
    let text = try CheckpointText(checkpoint)
    let training = text.training
    func mismatch(_ reason: String) -> UnusableFile { UnusableFile(checkpoint.file.path, reason, for: .continueFrom) }
    guard Set(checkpoint.file.names) == Set(buffers.keys), Set(training.steps.keys) == Set(steps.keys) else {
      throw mismatch("its networks are not those of the spec")
    }
    var streams = [generatorLatents, discriminatorLatents, mixes]
    for index in streams.indices {
      guard let position = training.streams[streams[index].name] else {
        throw mismatch("it has no random stream '\(streams[index].name)'")
      }
      streams[index].position = position
    }
    let images = try training.images ?? Self.countedByItsSpec(checkpoint)
    for (name, buffer) in buffers {
      try checkpoint.file.read(
        name, .float32, shape: shapes[name]!, into: UnsafeMutableRawBufferPointer(start: buffer.base, count: 4 * buffer.count))
    }
    (iteration, steps, watch) = (training.iteration, training.steps, training.watch ?? WatchState())
    (generatorLatents, discriminatorLatents, mixes) = (streams[0], streams[1], streams[2])
    self.images = images
    earlier = training.earlier ?? 0
    augment = training.augment ?? AdaptiveProbability()
    measured = (training.measured ?? [:]).mapValues { Float(bitPattern: $0) }
    return text
  }

  /// The images of a checkpoint of before they were counted: those of the schedule that the run followed then.
  private static func countedByItsSpec(_ checkpoint: StoredCheckpoint) throws -> ImageCount {
    guard checkpoint.iteration > 0 else { return ImageCount() }
    guard let text = checkpoint[state: "spec"],
      let spec = try? ExperimentSpec.read(
        text: text, path: checkpoint.file.path, language: .experiments, isRecorded: true),
      let moment = Schedule(spec).moment(checkpoint.iteration)
    else { throw UnusableFile(checkpoint.file.path, "it does not tell how many images were shown", for: .continueFrom) }
    return ImageCount(through: moment)
  }
}
