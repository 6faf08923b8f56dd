/// How the work of a run's schedule is spread over its phases: an iteration at 256x256 takes a hundred times as long as one at 4x4.
package struct WorkShares: Codable, Equatable, Sendable {
  /// The last iteration of each phase.
  package let iterations: [Int]
  /// The part of all work that is done by then, up to 1.
  package let shares: [Double]

  /// What a file says.
  init(iterations: [Int], shares: [Double]) { (self.iterations, self.shares) = (iterations, shares) }

  /// - Parameter phases: iterations of each phase, and the work of one of them in any unit.
  package init(_ phases: [(iterations: Int, work: Double)]) {
    let total = phases.reduce(0) { $0 + Double($1.iterations) * $1.work }
    var (last, done) = (0, 0.0)
    var (iterations, shares): ([Int], [Double]) = ([], [])
    for phase in phases {
      last += phase.iterations
      done += Double(phase.iterations) * phase.work
      iterations.append(last)
      shares.append(min(1, done / total))
    }
    self.iterations = iterations
    self.shares = shares
  }

  /// Whether they can be those of a schedule of `count` iterations; what was read from a file need not be.
  package func isSound(for count: Int) -> Bool {
    guard !shares.isEmpty, shares.count == iterations.count, iterations.last == count else {
      return false
    }
    let rise = shares.indices.allSatisfy { index in
      index == 0
        ? iterations[0] > 0 && shares[0] >= 0
        : iterations[index] > iterations[index - 1] && shares[index] >= shares[index - 1]
    }
    return rise && shares.allSatisfy { $0.isFinite && $0 <= 1.000_001 }
  }

  /// The part of all work that is done after `iteration`, from 0 to 1.
  package func progress(after iteration: Int) -> Double {
    guard let phase = iterations.firstIndex(where: { iteration < $0 }) else { return 1 }
    let first = phase == 0 ? (iteration: 0, share: 0.0) : (iteration: iterations[phase - 1], share: shares[phase - 1])
    let part =
      Double(max(0, iteration) - first.iteration) / Double(iterations[phase] - first.iteration)
    return first.share + part * (shares[phase] - first.share)
  }

  /// Seconds that are left after `iteration` when one of its phase takes `seconds`; nil where that is unknown.
  package func secondsLeft(after iteration: Int, perIteration seconds: Double) -> Double? {
    guard let phase = iterations.firstIndex(where: { iteration <= $0 }) else { return 0 }
    let first = phase == 0 ? (iteration: 0, share: 0.0) : (iteration: iterations[phase - 1], share: shares[phase - 1])
    let share = (shares[phase] - first.share) / Double(iterations[phase] - first.iteration)
    let left = (1 - progress(after: iteration)) / share * seconds
    return share > 0 && left.isFinite && left >= 0 ? left : nil
  }
}
