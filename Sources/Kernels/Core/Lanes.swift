import CKernels
import Glibc

/// Threads that walk a plan together, each taking its share of every pass.
///
/// A waiting lane spins briefly and then parks. Beside other programs, fewer of them may work (``LaneGovernor``).
/// Denormal numbers are flushed to zero on every lane. The calling thread is
/// the first lane, so `Lanes(count: 1)` starts no thread.
package final class Lanes: @unchecked Sendable {  // the team is only used by the one thread that calls `run`
  package let count: Int
  /// How many were asked for.
  private let asked: Int
  /// The processors that this process may run on.
  package static var available: Int { fk_processor_count() }
  private let team: OpaquePointer
  var governor: LaneGovernor

  /// `count` lanes, at least one, or fewer if the system refuses the threads.
  package init(count: Int) {
    precondition(count >= 1, "\(count) lanes cannot work")
    guard let team = fk_team_create(Int32(count)) else {
      OutOfMemory.end(bytes: count * MemoryLayout<pthread_t>.size)
    }
    self.team = team
    asked = count
    self.count = Int(fk_team_lanes(team))
    governor = LaneGovernor(most: self.count)
  }

  deinit { fk_team_destroy(team) }

  /// What a user reads if there are fewer lanes than were asked for.
  package var notice: String? {
    count == asked
      ? nil
      : "the system gives only \(count) of \(asked) threads (ulimit -u, or pids.max of a control group); the outcome is the same"
  }

  /// Why the work under way is to be left, if it may be.
  private var leave: (() -> Bool)?
  /// Whether the work under way was left: passes end without their units, and what they were to compute has no meaning.
  package var isLeft: Bool { fk_team_is_left(team) != 0 }

  /// Does `work`, which is left as soon as `isLeft` says so: that is asked by the calling thread after each of its units.
  ///
  /// - Returns: nil when it was left.
  package func run<Result>(until isLeft: @escaping () -> Bool, _ work: () throws -> Result) rethrows -> Result? {
    leave = isLeft
    defer {
      leave = nil
      fk_team_leave(team, 0)
    }
    let result = try work()
    return self.isLeft ? nil : result
  }

  /// Runs passes one after the other, the units of each pass shared by the lanes. Allocates nothing.
  ///
  /// - Parameter body: gets the lane and must call `Lane.share` for the same passes in the same order on each lane.
  package func run(_ body: (Lane) -> Void) {
    withoutActuallyEscaping(body) { body in
      var context = Context(team: team, body: body, leave: leave)
      withUnsafeMutablePointer(to: &context) { pointer in
        let times = fk_team_run(
          team, Int32(governor.lanes),
          { raw, lane in
            let context = raw!.assumingMemoryBound(to: Context.self)
            let (team, leave) = (context.pointee.team, lane == 0 ? context.pointee.leave : nil)
            context.pointee.body(Lane(index: Int(lane), team: team, leave: leave))
          }, pointer)
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        governor.ran(
          until: now.tv_sec * 1_000_000_000 + now.tv_nsec, elapsed: Int(times.elapsed), lost: Int(times.lost),
          idle: {
            let seconds = fk_idle_seconds()
            return seconds < 0 ? nil : seconds
          })
      }
    }
  }

  /// One pass of independent units.
  package func run(units: Int, _ body: (_ unit: Int) -> Void) {
    run { lane in lane.share(units) { body($0) } }
  }

  private struct Context {
    let team: OpaquePointer
    let body: (Lane) -> Void
    let leave: (() -> Bool)?
  }
}

/// One member of ``Lanes`` during a run.
package struct Lane {
  package let index: Int
  fileprivate let team: OpaquePointer
  /// Asked by one lane.
  fileprivate let leave: (() -> Bool)?

  /// Takes units of this pass until none is left, then waits for the other lanes.
  @inline(__always)
  package func share(_ units: Int, _ body: (_ unit: Int) -> Void) {
    while case let unit = fk_team_claim(team, units), unit >= 0 {
      body(unit)
      if let leave, leave() { fk_team_leave(team, 1) }
    }
    fk_team_barrier(team)
  }
}
