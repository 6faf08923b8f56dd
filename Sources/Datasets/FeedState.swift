/// The position of an ``ImageFeed``: all that a checkpoint keeps of it.
package struct FeedState: Codable, Equatable, Sendable {
  /// Epochs that are over.
  package var epoch: Int
  /// Images of this epoch that have been shown.
  package var cursor: Int
  /// Position of the stream `data.order` before it drew this epoch's permutation.
  package var orderPosition: UInt64
  /// Position of the stream `data.augment`.
  package var augmentPosition: UInt64

  /// The beginning of the epoch after this one.
  package var nextEpoch: FeedState {
    FeedState(epoch: epoch + 1, cursor: 0, orderPosition: orderPosition, augmentPosition: augmentPosition)
  }
}
