import Basics
import Runs
import Spec
import Training

/// Asks the sweep's stopping rule about one trial, each time it reaches the end of a phase.
struct RungMonitor {
  let study: Study
  let trial: Trial
  let schedule: Schedule

  /// Why the trial ends after `iteration`; nil if it continues. A decision is made once, and kept.
  func reason(after iteration: Int) throws -> String? {
    guard let settings = study.sweep.stopping, let objective = study.sweep.objective,
      let phase = schedule.phases.dropLast().first(where: { $0.lastIteration == iteration })
    else { return nil }
    let stopper: any Stopper = settings.make()
    let row = try study.exclusively { () -> RungTable.Row? in
      var rungs = try study.rungsHoldingLock()
      if let row = rungs.decision(trial: trial.number, resolution: phase.resolution) { return row }
      guard
        let value = try study.directory.run(trial).lastValue(
          of: objective.metric, through: iteration, resolution: phase.resolution, study.files)
      else { return nil }
      let sign = objective.goal == .maximize ? -1.0 : 1
      let finished = Set(try study.tableHoldingLock().trials.filter { $0.status == .finished }.map(\.number))
      if rungs.rows.isEmpty, !finished.isEmpty {
        study.memory.note(
          "\(Path.name(of: study.directory.reports)) is not there or empty, although trials have finished: it begins anew")
      }
      let others = rungs.rows.filter { $0.resolution == phase.resolution }
        .map { RungReport(sign * $0.value, isFinished: finished.contains($0.trial)) }
      let row = RungTable.Row(
        trial: trial.number, phase: phase.number, resolution: phase.resolution, iteration: iteration, value: value,
        goesOn: stopper.goesOn(sign * value, after: others))
      rungs.append(row)
      try rungs.write(to: study.directory.reports, study.files)
      study.memory.keep(rungs, try study.files.status(of: study.directory.reports))
      return row
    }
    guard let row, !row.goesOn else { return nil }
    return "\(settings.key): \(objective.metric) is \(row.value) after phase \(row.phase)"
  }

  /// Why the trial, which has done `iteration` iterations, should not have come that far; nil if it continues.
  func reason(through iteration: Int) throws -> (iteration: Int, text: String)? {
    for phase in schedule.phases where phase.lastIteration <= iteration {
      if let text = try reason(after: phase.lastIteration) { return (phase.lastIteration, text) }
    }
    return nil
  }
}

extension Study {
  /// The reports so far, for the holder of the table's lock. What this process has seen and is gone is written again. A file
  /// that somebody has spoiled is set aside: what was decided about a trial that has ended is in `trials.csv`.
  func rungsHoldingLock() throws -> RungTable {
    let path = directory.reports
    func name(_ aside: String?) -> String { aside.map { "; what stood there is now \(Path.name(of: $0))" } ?? "" }
    var table = RungTable()
    var damage: UnusableFile?
    do {
      table = try RungTable(path, files)
    } catch let damaged as UnusableFile {
      damage = damaged
    }
    let known = memory.rungs?.table ?? RungTable()
    let whole = known.merging(table)
    if whole != table {
      let aside = try damage.flatMap { _ in try ReplacedFile.setAside(path, unlessBeginning: [], files) }
      try whole.write(to: path, files)
      memory.note("\(Path.name(of: path)) was removed or changed by somebody else: what was decided is written again\(name(aside))")
    } else if let damage {
      let aside = try ReplacedFile.setAside(path, unlessBeginning: [], files)
      memory.note("\(damage): it begins anew\(name(aside))")
    }
    memory.keep(whole, try files.status(of: path))
    return whole
  }

  /// Remembers the reports so far, and writes again those that were removed.
  func keepRungs() throws {
    guard sweep.stopping != nil, try files.status(of: directory.reports) != memory.rungs?.status else { return }
    _ = try exclusively(rungsHoldingLock)
  }
}
