import Foundation
import Spec

/// The phases of a spec laid out along iterations, which count from 1.
package struct Schedule: Sendable {
  /// One phase in its place.
  package struct Phase: Sendable, Equatable {
    /// From 1.
    package let number: Int
    package let resolution: Int
    package let fade: Int
    package let hold: Int
    package let batch: Int
    /// Steps of the discriminator in an iteration, each with a batch of its own.
    package let steps: Int
    package let firstIteration: Int
    /// Images shown before this phase.
    package let imagesBefore: Int

    /// Images that an iteration shows.
    package var imagesPerIteration: Int { batch * steps }
    package var length: Int { fade + hold }
    package var lastIteration: Int { firstIteration + length - 1 }
    /// 0 at 4x4, one more for each doubling.
    package var level: Int { (resolution / 4).trailingZeroBitCount }
  }

  /// The position of an iteration in the schedule.
  package struct Moment: Sendable, Equatable {
    package let iteration: Int
    package let phase: Phase
    /// From 1 within the phase.
    package var iterationInPhase: Int { iteration - phase.firstIteration + 1 }
    /// j / fade in the j-th iteration of a fade, 1 in a hold.
    package var alpha: Double { isFading ? Double(iterationInPhase) / Double(phase.fade) : 1 }
    /// Whether the iteration belongs to the phase's fade.
    package var isFading: Bool { iterationInPhase <= phase.fade }
    /// Images shown up to and with this iteration.
    package var images: Int { phase.imagesBefore + iterationInPhase * phase.imagesPerIteration }
  }

  package let phases: [Phase]
  private let drops: [RateDropSpec]
  private let moves: RateScheduleSpec
  /// Images that the whole schedule shows.
  private let imageCount: Int

  package init(_ spec: ExperimentSpec) {
    var (next, images) = (1, 0)
    phases = spec.schedule.phases.enumerated().map { index, phase in
      let placed = Phase(
        number: index + 1, resolution: phase.resolution, fade: phase.fade, hold: phase.hold,
        batch: phase.batch ?? spec.schedule.batch, steps: spec.schedule.criticSteps,
        firstIteration: next, imagesBefore: images)
      next += placed.length
      images += placed.length * placed.imagesPerIteration
      return placed
    }
    drops = spec.optimizer.drops
    moves = spec.optimizer.schedule ?? RateScheduleSpec()
    imageCount = images
  }

  package var iterations: Int { phases.last?.lastIteration ?? 0 }

  /// The moment of `iteration`; nil after the end.
  package func moment(_ iteration: Int) -> Moment? {
    phases.first { iteration >= $0.firstIteration && iteration <= $0.lastIteration }.map { Moment(iteration: iteration, phase: $0) }
  }

  /// The rate at `moment` for a network whose rate begins as `base`: the last drop that is due, as far as the rates have moved.
  package func rate(_ base: Double, at moment: Moment) -> Double { (dueDrop(at: moment)?.rate ?? base) * share(at: moment) }

  /// The share of rates that `optimizer.schedule` leaves at `moment`: the way up is that of the images with this iteration's, the way down
  /// that of those before it, so that the first iteration learns and one that falls begins at the whole rate.
  private func share(at moment: Moment) -> Double {
    let (warmup, hold) = (images(moves.warmup), images(moves.hold))
    let up = warmup > 0 ? min(1, Double(moment.images) / Double(warmup)) : 1
    let before = Double(moment.images - moment.phase.imagesPerIteration - warmup - hold)
    let way = min(1, max(0, before) / Double(max(1, imageCount - warmup - hold)))
    return switch moves.decay {
    case .none: up
    case .linear: up * (1 - (1 - moves.to) * way)
    case .cosine: up * (moves.to + (1 - moves.to) * (1 + cos(.pi * way)) / 2)
    }
  }

  /// Images that are shown from the beginning on in `span`.
  private func images(_ span: TrainingSpan) -> Int {
    switch span {
    case .images(let count): count
    case .iterations(let count): count == 0 ? 0 : moment(min(count, iterations))?.images ?? 0
    }
  }

  /// The drop that takes effect exactly at `moment`, if any.
  package func drop(beginningAt moment: Moment) -> RateDropSpec? {
    drops.last { start(of: $0) == moment.iteration }
  }

  private func dueDrop(at moment: Moment) -> RateDropSpec? {
    drops.compactMap { drop in start(of: drop).map { (start: $0, drop: drop) } }
      .filter { $0.start <= moment.iteration }.max { $0.start < $1.start }?.drop
  }

  /// The first iteration that a drop changes.
  private func start(of drop: RateDropSpec) -> Int? {
    phases.first { $0.resolution == drop.resolution }.map { $0.firstIteration + drop.after }
  }
}
