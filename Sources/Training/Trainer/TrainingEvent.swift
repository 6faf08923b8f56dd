import Spec

/// What happens in the course of a training.
package enum TrainingEvent {
  case began
  case phaseBegan(Schedule.Phase)
  /// A drop takes effect with the iteration that comes next.
  case rateDropped(RateDropSpec, Schedule.Moment)
  case iterated(Schedule.Moment, Measurements, milliseconds: Double)
  case phaseEnded(Schedule.Phase, seconds: Double)
  /// Every phase is done.
  case finished
  /// Ended early, by request.
  case stopped(String)
}

/// Somebody who is told of everything that happens, in order, and may read the trainer meanwhile.
package protocol TrainingObserver: AnyObject {
  func receive(_ event: TrainingEvent, _ trainer: Trainer) throws
}
