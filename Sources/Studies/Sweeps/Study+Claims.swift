import Basics
import Runs
import Spec

/// Which process runs which trial.
extension Study {
  /// A trial that is this process's own until the lock is let go of.
  struct Claimed {
    let trial: Trial
    let lock: FileLock
  }

  /// Takes the trial `number`, if it waits and no process runs it; without a number the next one. An adaptive search chooses the
  /// values of a new point when none waits. Returns nil when there is nothing to do.
  func claim(_ number: Int?) throws -> Claimed? {
    // A task whose trial runs elsewhere ends at once, without waiting for the table.
    if let number, try FileLock.isHeld(claimFile(number), files) { return nil }
    return try update { table in
      if let number {
        guard table.trials.indices.contains(number - 1) else { return nil }
        return try take(table[number])
      }
      let index = try prefixIndexHoldingLock()
      var blocked: [Trial] = []
      for trial in table.trials where trial.status == .waiting {
        if try isBlocked(trial, index) {
          blocked.append(trial)
        } else if let claimed = try take(trial) {
          return claimed
        }
      }
      for trial in blocked {
        if let claimed = try take(trial) { return claimed }
      }
      return try nextPoint(&table).flatMap(take)
    }
  }

  private func take(_ trial: Trial) throws -> Claimed? {
    guard trial.status == .waiting, let lock = try FileLock(trying: claim(trial), files) else { return nil }
    return Claimed(trial: trial, lock: lock)
  }

  /// Whether a process is training what `trial` continues from.
  private func isBlocked(_ trial: Trial, _ index: PrefixIndex) throws -> Bool {
    guard let prefix = index.prefix(of: trial), try files.status(of: directory.run(trial).manifest) == nil else { return false }
    return try FileLock.isHeld(claim(prefix), files)
  }

  /// Adds the trials of the next point of an adaptive search. Returns the first.
  private func nextPoint(_ table: inout TrialTable) throws -> Trial? {
    let strategy = sweep.strategy
    let number = (table.trials.map(\.point).max() ?? 0) + 1
    guard sweep.search.isAdaptive, number <= strategy.count else { return nil }
    let point = strategy.point(number, after: observations(table))
    let trials = source.trials(
      of: point, number: table.trials.count + 1, pointNumber: number, firstSeed: try source.experiment().seed)
    table.trials += trials
    return trials[0]
  }

  /// What is known of each point: the mean of its repeats when all are done.
  func observations(_ table: TrialTable) -> [Observation] {
    let sign = sweep.objective?.goal == .maximize ? -1.0 : 1
    return Dictionary(grouping: table.trials, by: \.point).sorted { $0.key < $1.key }.compactMap { _, trials in
      guard let point = sweep.point(of: trials[0].values) else { return nil }
      if trials.contains(where: { $0.status == .waiting }) { return Observation(point, .running) }
      let values = trials.compactMap { $0.status == .failed ? nil : $0.objective }
      guard !values.isEmpty else { return Observation(point, .failed) }
      let mean = sign * values.reduce(0, +) / Double(values.count)
      let stopped = trials.filter { $0.status == .stopped }.map(\.iterations)
      return Observation(point, stopped.max().map { .stopped(after: $0, mean) } ?? .value(mean))
    }
  }
}
