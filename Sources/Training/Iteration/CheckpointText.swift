import Basics
import Datasets
import Foundation
import Models
import Runs
import Spec

/// What of a training's state is not a tensor, as the metadata of a checkpoint keeps it.
///
/// A checkpoint may come from anywhere, and anybody can compute its SHA-256. So every number is checked before it is used: one
/// that no training gets to is refused, and sums of those that are left do not overflow.
package struct CheckpointText: Equatable, Sendable {
  /// `training`.
  struct Training: Codable, Equatable, Sendable {
    var iteration: Int
    /// Steps of Adam by `<network>.<parameter>`.
    var steps: [String: Int]
    /// Positions of the random streams by name.
    var streams: [String: UInt64]
    /// Absent before the first rule has anything to remember.
    var watch: WatchState?
    /// Absent in checkpoints of before it was counted.
    var images: ImageCount?
    /// Iterations that the weights had in other runs; absent without any.
    var earlier: Int?
    /// Bit patterns of the last values of terms that are not computed in each iteration, by column; absent without any.
    var measured: [String: UInt32]?
    /// Absent before the probability of changes has anything to remember.
    var augment: AdaptiveProbability?
  }

  var training: Training
  /// The position of the feed.
  package var feed: FeedState
  /// Bytes of the CSV files by name.
  package var lengths: [String: Int]

  /// The highest count or position that is believed; no training gets there.
  private static let highest = 1 << 60

  init(training: Training, feed: FeedState, lengths: [String: Int]) {
    self.training = training
    self.feed = feed
    self.lengths = lengths
  }

  /// Reads and checks the texts of `checkpoint`. Throws ``UnusableFile``, which says what is wrong with them.
  package init(_ checkpoint: StoredCheckpoint) throws(UnusableFile) {
    func mismatch(_ reason: String) -> UnusableFile {
      UnusableFile(checkpoint.file.path, reason, for: .continueFrom)
    }
    func decode<Value: Decodable>(_ key: String, _ what: String) throws(UnusableFile) -> Value {
      let text = checkpoint[state: key] ?? ""
      guard JSONKeys.areUnique(in: text), let value = try? JSONDecoder().decode(Value.self, from: Data(text.utf8)) else {
        throw mismatch("its metadata '\(key)' is not \(what)")
      }
      return value
    }
    training = try decode("training", "the state of a training")
    feed = try decode("feed", "a place in the images")
    lengths = try decode("lengths", "the lengths of the CSV files")
    guard training.iteration == checkpoint.iteration else {
      throw mismatch("its state is that of iteration \(training.iteration)")
    }
    if let reason = training.problem(highest: Self.highest) ?? feed.problem(highest: Self.highest) { throw mismatch(reason) }
    for (name, length) in lengths.sorted(by: { $0.key < $1.key }) where !(1...Self.highest).contains(length) {
      throw mismatch("\(name.shortened).csv cannot have \(length) bytes")
    }
  }

  /// The texts by key, as they are stored.
  func metadata() throws -> [String: String] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    func text(_ value: some Encodable) throws -> String { String(decoding: try encoder.encode(value), as: UTF8.self) }
    return ["training": try text(training), "feed": try text(feed), "lengths": try text(lengths)]
  }
}

extension CheckpointText.Training {
  /// What cannot be true of it, or nil.
  fileprivate func problem(highest: Int) -> String? {
    func isCount(_ value: Int) -> Bool { (0...highest).contains(value) }
    if let (name, count) = steps.sorted(by: { $0.key < $1.key }).first(where: { !isCount($0.value) }) {
      return "Adam cannot have made \(count) steps with '\(name.shortened)'"
    }
    if let (name, position) = streams.sorted(by: { $0.key < $1.key }).first(where: { $0.value > UInt64(highest) }) {
      return "random stream '\(name.shortened)' cannot be at \(position)"
    }
    if let earlier, !isCount(earlier) { return "its weights cannot have had \(earlier) iterations before" }
    if let images, !isCount(images.total) || !(0...images.total).contains(images.inPhase) {
      return "a training cannot have shown \(images.total) images, \(images.inPhase) of them in this phase"
    }
    if let augment, !augment.isSound { return "no probability of changes to images can have come to that" }
    guard let watch else { return nil }
    if let (name, count) = watch.counts.sorted(by: { $0.key < $1.key }).first(where: { !(0...iteration).contains($0.value) }) {
      return "the watch rule '\(name.shortened)' cannot have held \(count) times in \(iteration) iterations"
    }
    if let (name, count) = watch.rollBacks.sorted(by: { $0.key < $1.key }).first(where: { !isCount($0.value) }) {
      return "the watch rule '\(name.shortened)' cannot have rolled back \(count) times"
    }
    guard [watch.rolledBack, watch.lowered].allSatisfy({ (0...1).contains($0) }) else {
      return "watch rules cannot have multiplied the rates by \(watch.rolledBack) and \(watch.lowered)"
    }
    return nil
  }
}

extension FeedState {
  /// What cannot be true of it, or nil. Whether it is a place in the images at hand is for the feed to say.
  fileprivate func problem(highest: Int) -> String? {
    guard (0...highest).contains(epoch), (0...highest).contains(cursor) else {
      return "image \(cursor) of epoch \(epoch) is no place in the images"
    }
    guard max(orderPosition, augmentPosition) <= UInt64(highest) else {
      return "the random streams of the images cannot be at \(orderPosition) and \(augmentPosition)"
    }
    return nil
  }
}
