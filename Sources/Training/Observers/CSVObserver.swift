import Basics
import Foundation
import Runs

/// Writes `metrics.csv`, `timing.csv`, `phases.csv`, `evaluations.csv` and `events.csv`.
package final class CSVObserver: TrainingObserver {
  private let logs: RunLogs
  private let opening: Opening
  private let clock: MonotonicClock
  private let start: Double

  /// The row of `events.csv` with which this process begins to train.
  package struct Opening {
    package let event: RunEvent
    package let detail: String

    package init(_ event: RunEvent, _ detail: String) { (self.event, self.detail) = (event, detail) }
  }

  package init(_ logs: RunLogs, opening: Opening, clock: MonotonicClock = .system) {
    self.logs = logs
    self.opening = opening
    self.clock = clock
    start = clock.seconds
  }

  /// Since the start; less than nothing under a clock that was set back.
  private var seconds: Double { clock.seconds - start }

  package func receive(_ event: TrainingEvent, _ trainer: Trainer) throws {
    let iteration = trainer.state.iteration
    switch event {
    case .began: try logs.record(opening.event, iteration: iteration, opening.detail)
    case .phaseBegan(let phase):
      try logs.record(.phase, iteration: iteration, "phase \(phase.number): \(phase.resolution)x\(phase.resolution)")
    case .rateDropped(let drop, _): try logs.record(.rateDrop, iteration: iteration, "rate \(drop.rate)")
    case .watched(let firing): try logs.record(.watch, iteration: iteration, firing.description)
    case .evaluated(let row, _): try logs.evaluations?.append(row.cells)
    case .iterated(let moment, let row, let milliseconds):
      guard trainer.isRecorded(row) else { return }
      try logs.metrics.append(row.cells)
      try logs.timing.append([
        .iteration: .integer(moment.iteration), .seconds: .double(seconds), .milliseconds: .double(milliseconds),
        .imagesPerSecond: .double(1e3 * Double(moment.phase.imagesPerIteration) / milliseconds),
        .residentMegabytes: .double(ProcessMemory.residentMegabytes),
      ])
    case .phaseEnded(let phase, let seconds):
      try logs.phases.append([
        .phase: .integer(phase.number), .resolution: .integer(phase.resolution), .fade: .integer(phase.fade),
        .hold: .integer(phase.hold), .firstIteration: .integer(phase.firstIteration), .lastIteration: .integer(phase.lastIteration),
        .images: .integer(trainer.state.images.inPhase), .seconds: .optional(seconds),
      ])
    case .rolledBack, .settled: break
    case .finished, .stopped: _ = try logs.synchronize()
    }
  }
}

/// This process's memory.
package enum ProcessMemory {
  /// What is resident now, in units of 10^6 bytes; 0 where the system does not say.
  package static var residentMegabytes: Double {
    guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return 0 }
    let pages = text.split(separator: " ").dropFirst().first.flatMap { Double($0) } ?? 0
    return (pages * Double(sysconf(Int32(_SC_PAGESIZE))) / 1e5).rounded() / 10
  }
}
