import Basics
import Runs
import Spec
import Training

/// Asks the sweep's stopping rule about one trial, each time it reaches the end of a phase.
struct RungMonitor {
  let study: Study
  let trial: Trial
  let schedule: Schedule

  /// Why the trial ends after `iteration`; nil when it goes on. A decision is made once, and kept.
  func reason(after iteration: Int) throws -> String? {
    guard let settings = study.sweep.stopping, let objective = study.sweep.objective,
      let phase = schedule.phases.dropLast().first(where: { $0.lastIteration == iteration })
    else { return nil }
    let stopper: any Stopper = settings.make()
    let row = try study.exclusively { () -> RungTable.Row? in
      var rungs = try rungs()
      if let row = rungs.decision(trial: trial.number, resolution: phase.resolution) { return row }
      guard
        let value = try TrialMetrics.value(
          objective.metric, in: study.directory.run(trial), through: iteration, resolution: phase.resolution, study.files)
      else { return nil }
      let sign = objective.goal == .maximize ? -1.0 : 1
      let finished = Set(try study.tableHoldingLock().trials.filter { $0.status == .finished }.map(\.number))
      let others = rungs.rows.filter { $0.resolution == phase.resolution }
        .map { RungReport(sign * $0.value, isFinished: finished.contains($0.trial)) }
      let row = RungTable.Row(
        trial: trial.number, phase: phase.number, resolution: phase.resolution, iteration: iteration, value: value,
        goesOn: stopper.goesOn(sign * value, after: others))
      rungs.append(row)
      try rungs.write(to: study.directory.reports, study.files)
      return row
    }
    guard let row, !row.goesOn else { return nil }
    return "\(settings.key): \(objective.metric) is \(row.value) after phase \(row.phase)"
  }

  /// The reports so far. A file that somebody has spoilt is set aside: what was decided about a trial that has ended is in `trials.csv`.
  private func rungs() throws -> RungTable {
    let path = study.directory.reports
    do {
      return try RungTable(path, study.files)
    } catch let damaged as TrialTable.Damaged {
      let aside = try ReplacedFile.setAside(path, unlessBeginning: [], study.files)
      study.memory.note("\(damaged): it begins anew" + (aside.map { "; what stood there is now \(Path.name(of: $0))" } ?? ""))
      return RungTable()
    }
  }

  /// Why the trial, which stands after `iteration`, should not have come so far; nil when it goes on.
  func reason(through iteration: Int) throws -> (iteration: Int, text: String)? {
    for phase in schedule.phases where phase.lastIteration <= iteration {
      if let text = try reason(after: phase.lastIteration) { return (phase.lastIteration, text) }
    }
    return nil
  }
}
