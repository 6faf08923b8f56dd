import Basics
import CKernels

/// The most that the processor can do: multiply-adds in registers, nothing else.
package enum MachinePeak {
  /// Rounds of one measurement, about 20 ms; and how often it is repeated.
  private static let rounds: Int64 = 2_000_000
  private static let repetitions = 10

  /// Floating-point operations per second of all lanes together, the best of a few measurements.
  package static func measure(_ lanes: Lanes) -> Double {
    let sinks = FloatBuffer(count: 16 * lanes.count)
    let operations = Double(fk_multiply_adds(0, sinks.base)) + Double(fk_multiply_adds(1000, sinks.base)) / 1000 * Double(rounds)
    var best = Double.infinity
    for _ in 0..<repetitions {
      let start = MonotonicClock.system.seconds
      lanes.run(units: lanes.count) { _ = fk_multiply_adds(rounds, sinks.base + 16 * $0) }
      best = min(best, MonotonicClock.system.seconds - start)
    }
    return operations * Double(lanes.count) / best
  }
}
