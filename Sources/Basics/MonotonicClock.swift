import Foundation

/// The clock for waiting: it only ever goes forward, whatever anybody sets the time of day to. That belongs into files that tell when
/// something happened, and into nothing that decides how long to wait.
package enum MonotonicClock {
  /// Seconds since some moment in the past.
  package static var seconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// Does nothing for `seconds`, or for less when a signal arrives.
  package static func pause(_ seconds: Double) {
    // `poll` counts its time on this clock; a semaphore's or a run loop's would be a moment of the day.
    poll(nil, 0, Int32(max(1, (seconds * 1000).rounded(.up))))
  }
}

/// A moment by ``MonotonicClock`` until which something is waited for.
package struct Deadline: Sendable {
  private let moment: Double

  /// The moment in `seconds`.
  package init(in seconds: Double) { moment = MonotonicClock.seconds + seconds }

  /// Whether the moment has come.
  package var isOver: Bool { MonotonicClock.seconds >= moment }
}
