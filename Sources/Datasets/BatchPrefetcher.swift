import Basics

/// An ``ImageFeed`` that prepares its next batch in the background while the current one is trained on.
///
/// The batches and ``state`` are those of the feed alone: timing changes nothing but speed.
///
/// Sendable although it has state: one thread at a time may call it, and the background job, which ends before the
/// feed is touched again, is waited for.
package final class BatchPrefetcher: @unchecked Sendable {
  /// The position of the feed after the last batch that ``next(into:resolution:)`` gave out; a checkpoint keeps this.
  package private(set) var state: FeedState

  /// Where the images come from.
  package let dataset: Dataset

  private struct Shape: Equatable {
    let count: Int
    let resolution: Int
  }

  /// What the background works on: apart from the prefetcher, whose end waits for that work and must never come on its thread.
  ///
  /// Sendable although it has state: the prefetcher waits for the work before it touches this.
  private final class Preparation: @unchecked Sendable {
    var feed: ImageFeed
    var batch: [Float] = []

    init(_ feed: ImageFeed) { self.feed = feed }

    func fill(_ resolution: Int) { batch.withUnsafeMutableBufferPointer { feed.fill($0, resolution: resolution) } }
  }

  private let preparation: Preparation
  /// The shape of the batch that is prepared, or is on its way there.
  private var readyShape: Shape?
  private let isPrefetching: Bool
  private let job = BackgroundThread()

  /// Batches of `feed`; without `prefetch` each is made when it is asked for.
  package init(_ feed: ImageFeed, prefetch: Bool = true) {
    (preparation, state, dataset, isPrefetching) = (Preparation(feed), feed.state, feed.dataset, prefetch)
  }

  /// Writes the next batch, `[count, 3, resolution, resolution]`, to `batch` and begins with the one after it, which is
  /// expected to have the same shape; another shape costs time only.
  package func next(into batch: UnsafeMutableBufferPointer<Float>, resolution: Int) {
    job.wait()
    let shape = Shape(count: batch.count, resolution: resolution)
    if readyShape == shape {
      _ = batch.update(fromContentsOf: preparation.batch)
    } else {
      rewind()
      preparation.feed.fill(batch, resolution: resolution)
    }
    state = preparation.feed.state
    readyShape = nil
    if isPrefetching { prepare(shape) }
  }

  /// Continues from `state`. Returns false, changing nothing, if it cannot be of this dataset.
  package func restore(_ state: FeedState) -> Bool {
    job.wait()
    guard preparation.feed.restore(state) else { return false }
    readyShape = nil
    self.state = state
    return true
  }

  /// Gives a prepared batch back to the feed.
  private func rewind() {
    guard readyShape != nil else { return }
    readyShape = nil
    let isRestored = preparation.feed.restore(state)
    precondition(isRestored, "the feed does not know its own state \(state)")
  }

  private func prepare(_ shape: Shape) {
    readyShape = shape
    if preparation.batch.count != shape.count { preparation.batch = Array(repeating: 0, count: shape.count) }
    job.begin { [preparation] in preparation.fill(shape.resolution) }
  }
}
