import Basics
import Foundation
import Runs
import Spec

/// Where a training's words go.
package protocol ProgressSink: AnyObject {
  /// A line that stays.
  func line(_ text: String)
  /// A line that the next one replaces; nothing where the output is not a terminal.
  func transient(_ text: String)
  /// Whether ``transient`` shows anything.
  var isLive: Bool { get }
}

/// Says how a training goes: a live line on a terminal, a plain line now and then elsewhere.
package final class ProgressObserver: TrainingObserver {
  private let sink: any ProgressSink
  private let notices: () -> [String]
  private let clock: MonotonicClock
  private var lastShown = 0.0
  private var rate = Rate()
  private var evaluations = EvaluationTime()
  private var work: WorkShares?
  /// A phase that is over, until what it leaves is on the disk.
  private var ended: (phase: Schedule.Phase, seconds: Double?)?

  /// What was said last of what a row cannot say.
  private var lastNote: String?

  /// Seconds between two states of the live line, and between two plain lines.
  private static let liveInterval = 0.2
  private static let plainInterval = 15.0

  /// - Parameter notices: what else there is to say, taken after each iteration.
  package init(_ sink: any ProgressSink, clock: MonotonicClock = .system, notices: @escaping () -> [String] = { [] }) {
    self.sink = sink
    self.clock = clock
    self.notices = notices
  }

  package func receive(_ event: TrainingEvent, _ trainer: Trainer) throws {
    switch event {
    case .began: tellNotices()
    case .phaseBegan(let phase):
      rate = Rate()
      let parts = [phase.fade > 0 ? "fade \(phase.fade)" : nil, phase.hold > 0 ? "hold \(phase.hold)" : nil].compactMap { $0 }
      sink.line(
        "phase \(phase.number)/\(trainer.schedule.phases.count): \(phase.resolution)x\(phase.resolution), \(parts.joined(separator: ", "))"
      )
    case .rateDropped(let drop, let moment):
      let factor = trainer.state.watch.rateFactor
      let rate = factor == 1 ? "\(drop.rate)" : "\(drop.rate * factor) (\(factor) of the schedule's \(drop.rate))"
      sink.line("iteration \(moment.iteration): learning rate drops to \(rate)")
    case .watched(let firing): sink.line("watch, iteration \(firing.iteration): \(firing.description)")
    case .evaluated(let row, let seconds):
      let side = Int(row[.resolution] ?? 0)
      evaluations = EvaluationTime(seconds: seconds, side: side)
      sink.line(Self.text(row, side: side, seconds: seconds))
      if let note = Self.note(row), note != lastNote {
        lastNote = note
        sink.line("note: \(note)")
      }
    case .iterated(let moment, let row, let milliseconds):
      rate.add(milliseconds)
      tellNotices()
      let now = clock.seconds
      guard now - lastShown >= (sink.isLive ? Self.liveInterval : Self.plainInterval) else { return }
      lastShown = now
      let text = status(moment, row, trainer)
      if sink.isLive { sink.transient(text) } else { sink.line(text) }
    case .rolledBack: sink.line("watch: back after iteration \(trainer.state.iteration)")
    case .phaseEnded(let phase, let seconds): ended = (phase, seconds)
    case .settled:
      guard let (phase, seconds) = ended else { return }
      ended = nil
      let time = seconds.map { " in \(Self.duration($0))" } ?? ""
      sink.line("phase \(phase.number) done: \(phase.length) iterations\(time)")
    case .finished:
      tellNotices()
      sink.line("finished after \(trainer.schedule.iterations) iterations")
    case .stopped(let reason):
      tellNotices()
      sink.line("stopped after iteration \(trainer.state.iteration): \(reason.description)")
    }
  }

  private func tellNotices() { for notice in notices() { sink.line(notice) } }

  /// What a row cannot say.
  private static func note(_ row: MeasuredRow) -> String? {
    if let floor = row[Column(Column.floor + "swd_mean")], let note = SmallSets.note(swdFloor: Double(floor)) { return note }
    guard let value = row[Column("ms_ssim")], let floor = row[Column(Column.floor + "ms_ssim")] else { return nil }
    return Double(floor - value) > SmallSets.margin ? SmallSets.noise : nil
  }

  /// The measured values that a line has, by column.
  private static let shown = Language.experiments.measured.names(at: .progress)

  /// As in `iteration 2500, 2.1 s: swd_mean 95.1 (floor 40.2), ms_ssim 0.41 (floor 0.38)`.
  private static func text(_ row: MeasuredRow, side: Int, seconds: Double) -> String {
    let values = shown.compactMap { column -> String? in
      guard let value = row[Column(column)] else { return nil }
      let floor = row[Column(Column.floor + column)].map { String(format: " (floor %.4g)", $0) } ?? ""
      return "\(column) " + String(format: "%.4g", value) + floor
    }
    let measured =
      values.isEmpty ? "nothing can be measured at \(side)x\(side)" : values.joined(separator: ", ")
    return "evaluated iteration \(row.iteration) in " + String(format: "%.1f s: ", seconds) + measured
  }

  private func status(_ moment: Schedule.Moment, _ row: MeasuredRow, _ trainer: Trainer) -> String {
    let left = trainer.schedule.iterations - moment.iteration
    let inPhase = Double(moment.phase.lastIteration - moment.iteration) * rate.seconds
    // Later phases take longer, by the work of their iterations; the time is that of this phase's.
    let work = work ?? WorkShares(trainer.spec)
    self.work = work
    let total = work.secondsLeft(after: moment.iteration, perIteration: rate.seconds).map {
      $0 + evaluations.secondsLeft(after: moment, trainer)
    }
    let eta =
      moment.phase.number == trainer.schedule.phases.count || total == nil
      ? "\(Self.duration(total ?? inPhase)) left"
      : "\(Self.duration(inPhase)) left in phase, \(Self.duration(total!)) in all"
    return [
      "\(moment.iteration)/\(trainer.schedule.iterations)", "\(moment.phase.resolution)x\(moment.phase.resolution)",
      String(format: "alpha %.2f", moment.alpha), String(format: "%.1f it/s", 1 / max(rate.seconds, 1e-9)),
      "loss G \(Self.loss(row, .generator)) D \(Self.loss(row, .discriminator))", left > 0 ? eta : "",
    ].filter { !$0.isEmpty }.joined(separator: "  ")
  }

  /// Three decimals, or an exponent where they would be lost among digits.
  private static func loss(_ row: MeasuredRow, _ network: NetworkRole) -> String {
    let value = row[.loss(network)] ?? .nan
    return String(format: abs(value) < 1e6 ? "%.3f" : "%.2e", value)
  }

  /// As in `1:02:03` or `4:05`.
  package static func duration(_ seconds: Double) -> String {
    guard (0..<1e9).contains(seconds) else { return "?" }
    let total = Int(seconds.rounded())
    let (hours, minutes, rest) = (total / 3600, total / 60 % 60, total % 60)
    return hours > 0 ? String(format: "%d:%02d:%02d", hours, minutes, rest) : String(format: "%d:%02d", minutes, rest)
  }
}

/// What evaluations take, by the last one.
private struct EvaluationTime {
  var seconds = 0.0
  var side = 1

  /// Seconds of the evaluations after `moment`.
  func secondsLeft(after moment: Schedule.Moment, _ trainer: Trainer) -> Double {
    let every = trainer.spec.record.evaluate.every
    guard every > 0, seconds > 0 else { return 0 }
    return trainer.schedule.phases.filter { $0.lastIteration > moment.iteration }.reduce(0) {
      sum, phase in
      let left = phase.lastIteration - max(moment.iteration, phase.firstIteration - 1)
      let scale = Double(phase.resolution) / Double(side)
      return sum + Double(left / every + 1) * seconds * scale * scale
    }
  }
}

/// A running mean of the time of an iteration.
private struct Rate {
  private(set) var seconds = 0.0
  private var count = 0

  mutating func add(_ milliseconds: Double) {
    count += 1
    // The plain mean of the first few, then one that forgets.
    seconds += (1e-3 * milliseconds - seconds) / Double(min(count, 50))
  }
}
