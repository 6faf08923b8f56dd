import Runs
import Spec

/// What happens in the course of a training.
package enum TrainingEvent {
  case began
  case phaseBegan(Schedule.Phase)
  /// A drop takes effect with the iteration that comes next.
  case rateDropped(RateDropSpec, Schedule.Moment)
  /// A watch rule acts. What it asks for follows after the event `iterated`; a rollback follows at once, and its
  /// iteration has no such event.
  case watched(Watch.Firing)
  /// The training stands where it returned to.
  case rolledBack
  /// Drawn images were measured after an iteration, which is told of next.
  case evaluated(MeasuredRow, seconds: Double)
  case iterated(Schedule.Moment, MeasuredRow, milliseconds: Double)
  /// `seconds` is nil when this process did not see the phase begin.
  case phaseEnded(Schedule.Phase, seconds: Double?)
  /// All events about an iteration, and about a phase that ends with it, have been sent: the moment to keep the state.
  case settled(Schedule.Moment)
  /// Every phase is done.
  case finished
  case stopped(StopReason)
}

/// Why a training ends early.
package enum StopReason: Equatable, Sendable {
  /// By the user's plan, as `--stop-after` says.
  case requested(String)
  case interrupted(String)
  /// By a watch rule.
  case rule(String)

  /// The reason in words.
  package var description: String {
    switch self {
    case .requested(let text), .interrupted(let text), .rule(let text): text
    }
  }
}

/// Receives everything that happens, in order, and may read the trainer while it does.
package protocol TrainingObserver: AnyObject {
  func receive(_ event: TrainingEvent, _ trainer: Trainer) throws
}
