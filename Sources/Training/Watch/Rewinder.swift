import Datasets

/// Keeps the states that a rollback returns to.
package protocol Rewinder: AnyObject {
  /// Brings `state` and `feed` back to the newest regular checkpoint from before the iteration `onset`; what was recorded after
  /// it is gone on return.
  func rewind(_ state: TrainingState, _ feed: BatchPrefetcher, before onset: Int) throws
}
