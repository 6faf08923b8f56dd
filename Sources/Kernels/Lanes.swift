import CKernels

/// Threads that walk a plan together, each taking its share of every pass.
///
/// A waiting lane spins briefly and then parks. Denormal numbers are flushed to zero on every lane. The calling thread is
/// the first lane, so `Lanes(count: 1)` starts no thread.
package final class Lanes: @unchecked Sendable {  // the team is only used by the one thread that calls `run`
  package let count: Int
  private let team: OpaquePointer

  /// `count` lanes, at least one. Stops the program if the system refuses the threads.
  package init(count: Int) {
    precondition(count >= 1, "\(count) lanes cannot work")
    guard let team = fk_team_create(Int32(count)) else { preconditionFailure("the system gives no \(count) threads") }
    self.count = count
    self.team = team
  }

  deinit { fk_team_destroy(team) }

  /// Runs passes one after the other, the units of each pass shared by the lanes. Allocates nothing.
  ///
  /// - Parameter body: is told the lane and must call `Lane.share` for the same passes in the same order on each lane.
  package func run(_ body: (Lane) -> Void) {
    withoutActuallyEscaping(body) { body in
      var context = Context(team: team, body: body)
      withUnsafeMutablePointer(to: &context) { pointer in
        fk_team_run(
          team,
          { raw, lane in
            let context = raw!.assumingMemoryBound(to: Context.self)
            context.pointee.body(Lane(index: Int(lane), team: context.pointee.team))
          }, pointer)
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
  }
}

/// One member of ``Lanes`` during a run.
package struct Lane {
  package let index: Int
  fileprivate let team: OpaquePointer

  /// Takes units of this pass until none is left, then waits for the other lanes.
  @inline(__always)
  package func share(_ units: Int, _ body: (_ unit: Int) -> Void) {
    while case let unit = fk_team_claim(team, units), unit >= 0 { body(unit) }
    fk_team_barrier(team)
  }
}
