import Basics
import Spec

/// An endless sequence of batches of real images: one permutation of the dataset after another.
///
/// A batch may begin in one epoch and end in the next; there are no short batches. Order and augmentations come from the
/// streams `data.order` and `data.augment`, so a feed is a function of dataset, spec and seed.
package struct ImageFeed: Sendable {
  package let dataset: Dataset
  /// What black and white become.
  package let range: ClosedRange<Float>
  /// The position of the feed: the next batch is the first after this.
  package private(set) var state: FeedState

  private let augmentations: [any Augmentation]
  private var orderStream: RandomStream
  private var augmentStream: RandomStream
  private var order: [Int]
  /// The sums of all images at ``pooledResolution``, which do not change from epoch to epoch.
  private var pooled: PackedImages?
  private var pooledResolution: Int?

  /// The feed of `dataset` from its beginning, samples in `range`.
  package init(_ dataset: Dataset, augment: [Choice] = [], range: ClosedRange<Float>, seed: UInt64) {
    precondition(dataset.count > 0, "a feed needs an image")
    self.dataset = dataset
    self.range = range
    augmentations = augment.map { $0.make() }
    orderStream = RandomStream(seed: seed, name: "data.order")
    augmentStream = RandomStream(seed: seed, name: "data.augment")
    state = FeedState(epoch: 0, cursor: 0, orderPosition: orderStream.position, augmentPosition: augmentStream.position)
    order = orderStream.permutation(of: dataset.count)
  }

  /// Continues where a feed of the same dataset, spec and seed stood. Returns false, changing nothing, if `state`
  /// cannot be of this dataset.
  package mutating func restore(_ state: FeedState) -> Bool {
    guard (0...Self.largestPosition).contains(state.epoch) && (0...dataset.count).contains(state.cursor) else { return false }
    guard max(state.orderPosition, state.augmentPosition) <= Self.largestPosition else { return false }
    self.state = state
    orderStream.position = state.orderPosition
    augmentStream.position = state.augmentPosition
    order = orderStream.permutation(of: dataset.count)
    return true
  }

  /// Writes the next batch, `[count, 3, resolution, resolution]`, to `batch`. The resolution divides the dataset's.
  package mutating func fill(_ batch: UnsafeMutableBufferPointer<Float>, resolution: Int) {
    let imageCount = 3 * resolution * resolution
    precondition(batch.count % imageCount == 0, "\(batch.count) values are no images of side \(resolution)")
    let pooling = Pooling(from: dataset.resolution, to: resolution, range: range)
    for slot in 0..<batch.count / imageCount {
      let target = batch.baseAddress! + slot * imageCount
      let index = nextIndex()
      if !augmentations.isEmpty {
        writeAugmented(index, pooling, target)
      } else if resolution == dataset.resolution {
        dataset.withImage(index) { pooling.run($0.baseAddress!, into: target) }
      } else {
        writePooled(index, pooling, target)
      }
    }
  }

  /// No feed gets this far; positions beyond it could overflow.
  private static let largestPosition = 1 << 60

  private mutating func nextIndex() -> Int {
    if state.cursor == dataset.count {
      state.epoch += 1
      state.cursor = 0
      state.orderPosition = orderStream.position
      order = orderStream.permutation(of: dataset.count)
    }
    defer { state.cursor += 1 }
    return order[state.cursor]
  }

  private mutating func writeAugmented(_ index: Int, _ pooling: Pooling, _ target: UnsafeMutablePointer<Float>) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: dataset.imageCount) { image in
      dataset.withImage(index) { _ = image.update(fromContentsOf: $0) }
      for augmentation in augmentations { augmentation.apply(to: image, side: dataset.resolution, stream: &augmentStream) }
      pooling.run(image.baseAddress!, into: target)
    }
    state.augmentPosition = augmentStream.position
  }

  private mutating func writePooled(_ index: Int, _ pooling: Pooling, _ target: UnsafeMutablePointer<Float>) {
    if pooledResolution != pooling.to {
      pooled = nil  // free the old one first
      pooledResolution = pooling.to
      pooled = dataset.pooled(to: pooling.to)
    }
    if let pooled {
      pooled.withImage(index) { pooling.run(sums: $0.baseAddress!, into: target) }
    } else {
      dataset.withImage(index) { pooling.run($0.baseAddress!, into: target) }
    }
  }
}
