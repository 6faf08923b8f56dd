import Basics
import Foundation
import Kernels
import Models
import Runs

extension FeedState {
  /// Where the feed stood at a checkpoint, or nil if it does not say.
  package init?(in checkpoint: StoredCheckpoint) {
    guard let json = checkpoint[state: "feed"], let state = try? JSONDecoder().decode(FeedState.self, from: Data(json.utf8)) else {
      return nil
    }
    self = state
  }
}

extension TrainingState {
  /// What of a training's state is not a tensor.
  private struct Text: Codable {
    var iteration: Int
    var steps: [String: Int]
    /// Positions of the random streams by name.
    var streams: [String: UInt64]
    /// Absent before the first rule has anything to remember.
    var watch: WatchState?
  }

  /// A checkpoint's state does not fit the networks that are to take it over.
  package struct Mismatch: UserFacingError {
    package let path: String
    package let reason: String
    package var exitCode: ExitCode { .badData }
    package var description: String { "cannot continue from '\(path)': \(reason)" }
  }

  /// All there is to continue from: this state, where the feed stands, the lengths of the CSV files, and the resolved spec
  /// as YAML, which tells what was changed if the run's is edited. Beside that, what the checkpoint says of itself.
  ///
  /// The tensors are the buffers themselves, so the checkpoint must be written or copied before training goes on.
  package func checkpoint(
    feed: FeedState, lengths: [String: Int], spec: String, notes: CheckpointNotes = CheckpointNotes()
  ) throws -> Checkpoint {
    let streams = [generatorLatents, discriminatorLatents, mixes]
    let text = Text(
      iteration: iteration, steps: steps, streams: Dictionary(uniqueKeysWithValues: streams.map { ($0.name, $0.position) }),
      watch: watch == WatchState() ? nil : watch)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return Checkpoint(
      iteration: iteration, tensors: tensors(buffers, named: { $0 }),
      state: [
        "training": String(decoding: try encoder.encode(text), as: UTF8.self),
        "feed": String(decoding: try encoder.encode(feed), as: UTF8.self),
        "lengths": String(decoding: try encoder.encode(lengths), as: UTF8.self),
        "spec": spec,
      ].merging(notes.metadata) { $1 })
  }

  /// The averaged generator by its parameters' names.
  package var generatorTensors: [NamedTensor] {
    tensors(averagedGenerator) { String($0.dropFirst("\(Generator.network).".count)) }
  }

  /// Takes over the state in `checkpoint`, which must be of the same networks.
  package func restore(_ checkpoint: StoredCheckpoint) throws {
    guard let json = checkpoint[state: "training"], let text = try? JSONDecoder().decode(Text.self, from: Data(json.utf8)) else {
      throw Mismatch(path: checkpoint.file.path, reason: "it has no training state")
    }
    guard Set(checkpoint.file.names) == Set(buffers.keys), Set(text.steps.keys) == Set(steps.keys) else {
      throw Mismatch(path: checkpoint.file.path, reason: "its networks are not those of the spec")
    }
    for (name, buffer) in buffers {
      try checkpoint.file.read(
        name, .float32, shape: shapes[name]!, into: UnsafeMutableRawBufferPointer(start: buffer.base, count: 4 * buffer.count))
    }
    (iteration, steps, watch) = (text.iteration, text.steps, text.watch ?? WatchState())
    func position(_ stream: inout RandomStream) throws {
      guard let position = text.streams[stream.name] else {
        throw Mismatch(path: checkpoint.file.path, reason: "it has no random stream '\(stream.name)'")
      }
      stream.position = position
    }
    try position(&generatorLatents)
    try position(&discriminatorLatents)
    try position(&mixes)
  }

  private func tensors(_ buffers: [String: FloatBuffer], named name: (String) -> String) -> [NamedTensor] {
    buffers.keys.sorted().map { key in
      let buffer = buffers[key]!
      return NamedTensor(
        name(key), .float32, shape: shapes[key]!, memory: UnsafeRawBufferPointer(start: buffer.base, count: 4 * buffer.count))
    }
  }
}
