import Basics
import Dispatch
import Graph
import Kernels
import Models
import Spec

/// One run over time: executes the schedule and tells its observers.
package final class Trainer {
  /// How a training ended.
  package enum Outcome: Equatable, Sendable {
    case finished
    /// At the end of an iteration, because somebody asked for it.
    case stopped
  }

  /// A loss that is no number any more: training on would only spoil the weights.
  package struct Diverged: Error, Equatable, CustomStringConvertible {
    package let iteration: Int
    package let term: String
    package var description: String { "the loss is not finite in iteration \(iteration): \(term)" }
  }

  package let spec: ExperimentSpec
  package let schedule: Schedule
  package let state: TrainingState
  package let feed: BatchPrefetcher
  package let lanes: Lanes

  private let observers: [any TrainingObserver]
  private var iteration: Iteration?
  private var cachedSampler: Sampler?

  package init(
    _ spec: ExperimentSpec, state: TrainingState, feed: BatchPrefetcher, lanes: Lanes, observers: [any TrainingObserver]
  ) {
    (self.spec, self.state, self.feed, self.lanes, self.observers) = (spec, state, feed, lanes, observers)
    schedule = Schedule(spec)
  }

  /// Trains from where the state stands to the end of the schedule, or until `shouldStop`, which is asked after each iteration,
  /// gives a reason.
  package func train(until shouldStop: (_ iteration: Int) -> StopReason?) throws -> Outcome {
    try tell(.began)
    var phaseStart: Double?
    while let moment = schedule.moment(state.iteration + 1) {
      if moment.iterationInPhase == 1 {
        phaseStart = seconds()
        try tell(.phaseBegan(moment.phase))
      }
      if let drop = schedule.drop(beginningAt: moment) { try tell(.rateDropped(drop, moment)) }
      try iterate(moment)
      if moment.iteration == moment.phase.lastIteration {
        try tell(.phaseEnded(moment.phase, seconds: phaseStart.map { seconds() - $0 }))
      }
      try tell(.settled(moment))
      if moment.iteration < schedule.iterations, let reason = shouldStop(moment.iteration) {
        try tell(.stopped(reason))
        return .stopped
      }
    }
    try tell(.finished)
    return .finished
  }

  /// The sampler for what the last iteration trained.
  package func sampler() throws -> (sampler: Sampler, alpha: Double) {
    let moment = schedule.moment(max(1, state.iteration))!
    if let cachedSampler, cachedSampler.level == moment.phase.level,
      cachedSampler.fading == (moment.isFading && moment.phase.level > 0)
    {
      return (cachedSampler, moment.alpha)
    }
    let sampler = try Sampler(
      spec, level: moment.phase.level, fading: moment.isFading, weights: state.averagedGenerator, lanes: lanes,
      arena: iteration?.arena)
    cachedSampler = sampler
    return (sampler, moment.alpha)
  }

  private func iterate(_ moment: Schedule.Moment) throws {
    let start = seconds()
    let iteration = try iteration(for: moment)
    feed.next(
      into: UnsafeMutableBufferPointer(start: iteration.real.base, count: iteration.real.count), resolution: moment.phase.resolution
    )
    if spec.optimizer.reset == .phase, moment.iterationInPhase == 1 || moment.iterationInPhase == moment.phase.fade + 1 {
      state.resetOptimizers()
    }
    var measurements = Measurements(LossColumns(spec.loss))
    let settings = Iteration.Settings(
      alpha: moment.alpha, generatorRate: schedule.rate(spec.optimizer.generator.rate, at: moment),
      discriminatorRate: schedule.rate(spec.optimizer.discriminator.rate, at: moment))
    iteration.run(settings) { measurements.read($0, $1) }
    try tell(.iterated(moment, measurements, milliseconds: 1e3 * (seconds() - start)))
    if let term = measurements.nonFinite { throw Diverged(iteration: moment.iteration, term: term) }
  }

  /// The compiled iteration for `moment`: made anew when the resolution changes and when a fade ends.
  private func iteration(for moment: Schedule.Moment) throws -> Iteration {
    let graph = TrainingGraph(spec, level: moment.phase.level, batch: moment.phase.batch, fading: moment.isFading)
    if let iteration, iteration.graph.level == graph.level, iteration.graph.fading == graph.fading,
      iteration.graph.batch == graph.batch
    {
      return iteration
    }
    (iteration, cachedSampler) = (nil, nil)  // free the old memory first
    let made = try Iteration(graph, state, lanes: lanes)
    iteration = made
    return made
  }

  private func tell(_ event: TrainingEvent) throws { for observer in observers { try observer.receive(event, self) } }

  private func seconds() -> Double { Double(DispatchTime.now().uptimeNanoseconds) * 1e-9 }
}
