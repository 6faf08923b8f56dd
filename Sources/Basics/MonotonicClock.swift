import Foundation

/// The clock for waiting and measuring: it only ever goes forward, whatever anybody sets the time of day to. That belongs into files that
/// tell when something happened, and into nothing that decides how long to wait.
///
///     let clock = MonotonicClock.system
///     let start = clock.seconds
///     work()
///     print("\(clock.seconds - start) s")
package struct MonotonicClock: Sendable {
  private let now: @Sendable () -> Double

  /// The machine's.
  package static let system = MonotonicClock {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// A clock that shows what `now` says, in seconds.
  package init(_ now: @escaping @Sendable () -> Double) { self.now = now }

  /// Seconds since some moment in the past.
  package var seconds: Double { now() }

  /// The seconds that `work` takes.
  package func seconds(_ work: () throws -> Void) rethrows -> Double {
    let start = seconds
    try work()
    return seconds - start
  }

  /// Does nothing for `seconds`, or for less when a signal arrives.
  package static func pause(_ seconds: Double) {
    // `poll` counts its time on this clock; a semaphore's or a run loop's would be a moment of the day.
    poll(nil, 0, Int32(max(1, (seconds * 1000).rounded(.up))))
  }
}

/// A moment by a ``MonotonicClock`` until which something is waited for.
package struct Deadline: Sendable {
  private let moment: Double
  private let clock: MonotonicClock

  /// The moment in `seconds`.
  package init(in seconds: Double, by clock: MonotonicClock = .system) {
    moment = clock.seconds + seconds
    self.clock = clock
  }

  /// Whether the moment has come.
  package var isOver: Bool { clock.seconds >= moment }
}
