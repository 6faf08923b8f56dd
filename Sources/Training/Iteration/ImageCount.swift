/// Real images that a training has shown, counted as they are shown: batches may change on the way.
package struct ImageCount: Codable, Equatable, Sendable {
  /// Since the run began.
  package var total = 0
  /// Since the phase of the last iteration began.
  package var inPhase = 0

  /// Nothing was shown yet.
  package init() {}

  /// What a training had shown after `moment` if every batch up to there was that of its phase, as in a run whose settings nobody
  /// changed.
  package init(through moment: Schedule.Moment) {
    (total, inPhase) = (moment.images, moment.images - moment.phase.imagesBefore)
  }

  /// Counts the batch of `moment`, which comes next.
  package mutating func add(_ moment: Schedule.Moment) {
    if moment.iterationInPhase == 1 { inPhase = 0 }
    total += moment.phase.imagesPerIteration
    inPhase += moment.phase.imagesPerIteration
  }
}
