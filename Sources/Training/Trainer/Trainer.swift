import Basics
import Datasets
import Graph
import Kernels
import Models
import Runs
import Spec

/// One run over time: executes the schedule and sends events to its observers.
///
///     let trainer = Trainer(
///       spec, state: TrainingState(spec), feed: feed, lanes: Lanes(count: 2), observers: [observer])
///     try trainer.train { _ in nil }  // .finished; the observer got .began, .phaseBegan, .iterated, .settled, ... .finished
package final class Trainer {
  /// How a training ended.
  package enum Outcome: Equatable, Sendable {
    case finished
    /// At the end of an iteration, because somebody asked for it.
    case stopped
    /// At the end of an iteration, by a watch rule.
    case stoppedByRule(Watch.Firing)
  }

  /// A loss that is no number any more: training on would only spoil the weights.
  package struct Diverged: Error, Equatable, CustomStringConvertible {
    package let iteration: Int
    package let cause: Cause
    package var description: String {
      switch cause {
      case .loss(let column): "the loss is not finite in iteration \(iteration): \(column.name)"
      case .weights: "weights are not finite after iteration \(iteration)"
      }
    }

    package enum Cause: Equatable, Sendable {
      /// The first column of a loss that is no number.
      case loss(Column)
      /// Every loss was still a number, but the update after it spoiled the weights.
      case weights
    }
  }

  package let spec: ExperimentSpec
  package let schedule: Schedule
  package let state: TrainingState
  package let feed: BatchPrefetcher
  package let lanes: Lanes
  package let watch: Watch
  /// What is measured of each iteration.
  package let columns: MetricsColumns

  private let evaluator: Evaluator
  private let observers: [any TrainingObserver]
  private let rewinder: (any Rewinder)?
  private let interruption: Interruption
  private let clock: MonotonicClock
  private var iteration: Iteration?
  private var cachedSampler: Sampler?

  /// - Parameter rewinder: needed where a watch rule rolls back.
  package init(
    _ spec: ExperimentSpec, state: TrainingState, feed: BatchPrefetcher, lanes: Lanes, observers: [any TrainingObserver],
    rewinder: (any Rewinder)? = nil, interruption: Interruption = Interruption(), clock: MonotonicClock = .system
  ) {
    self.spec = spec
    self.state = state
    self.feed = feed
    self.lanes = lanes
    self.observers = observers
    self.rewinder = rewinder
    self.interruption = interruption
    self.clock = clock
    schedule = Schedule(spec)
    watch = Watch(spec)
    columns = MetricsColumns(spec)
    evaluator = Evaluator(spec, feed.dataset, lanes: lanes)
  }

  /// Trains from the current state to the end of the schedule, or until `shouldStop`, which is asked after each iteration,
  /// gives a reason.
  package func train(until shouldStop: (_ iteration: Int) -> StopReason?) throws -> Outcome {
    try tell(.began)
    var phaseStart: Double?
    while let moment = schedule.moment(state.iteration + 1) {
      if moment.iterationInPhase == 1 {
        phaseStart = clock.seconds
        try tell(.phaseBegan(moment.phase))
      }
      if let drop = schedule.drop(beginningAt: moment) { try tell(.rateDropped(drop, moment)) }
      let rule: Watch.Firing?
      switch try iterate(moment) {
      case .left(let reason):
        try tell(.stopped(reason))
        return .stopped
      case .rolledBack:
        if schedule.moment(state.iteration + 1)?.phase != moment.phase { phaseStart = nil }
        continue
      case .settled: rule = nil
      case .stopped(let firing): rule = firing
      }
      if moment.iteration == moment.phase.lastIteration {
        try tell(.phaseEnded(moment.phase, seconds: phaseStart.map { clock.seconds - $0 }))
      }
      try tell(.settled(moment))
      if let rule {
        try tell(.stopped(.rule(rule.description)))
        return .stoppedByRule(rule)
      }
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
      cachedSampler.forgetStatistics()
      return (cachedSampler, moment.alpha)
    }
    let sampler = try Sampler(
      spec, level: moment.phase.level, fading: moment.isFading, weights: state.averagedGenerator, lanes: lanes,
      arena: iteration?.arena)
    cachedSampler = sampler
    return (sampler, moment.alpha)
  }

  /// An evaluation was left, and the iteration before it is as if it had not been.
  private struct EvaluationLeft: Error {
    let reason: StopReason
  }

  /// How an iteration ended.
  private enum End {
    case settled
    /// With a watch rule that ends the training.
    case stopped(by: Watch.Firing)
    /// With a watch rule that has rolled the training back.
    case rolledBack
    /// In the middle of an evaluation. The state is as if the iteration had not been.
    case left(StopReason)
  }

  /// Trains one iteration.
  private func iterate(_ moment: Schedule.Moment) throws -> End {
    let start = clock.seconds
    // An evaluation that is left has no row, so the iteration whose weights it is about must be done once more: from here.
    let before = evaluator.isDue(moment) ? (state: TrainingState(copying: state), place: feed.state) : nil
    let iteration = try iteration(for: moment)
    state.images.add(moment)
    feed.next(
      into: UnsafeMutableBufferPointer(start: iteration.real.base, count: iteration.real.count), resolution: moment.phase.resolution
    )
    if spec.optimizer.reset == .phase, moment.iterationInPhase == 1 || moment.iterationInPhase == moment.phase.fade + 1 {
      state.resetOptimizers()
    }
    let settings = Iteration.Settings(
      alpha: moment.alpha, generatorRate: schedule.rate(spec.optimizer[.generator].rate, at: moment) * state.watch.rateFactor,
      discriminatorRate: schedule.rate(spec.optimizer[.discriminator].rate, at: moment) * state.watch.rateFactor)
    var row = MeasuredRow(
      iteration: moment.iteration, images: state.images.total, phase: moment.phase.number, resolution: moment.phase.resolution)
    row[.alpha] = Float(moment.alpha)
    row[.rate(.generator)] = Float(settings.generatorRate)
    row[.rate(.discriminator)] = Float(settings.discriminatorRate)
    row[.augmentProbability] = spec.discriminator.augment == nil ? nil : Float(iteration.probability)
    func more() {
      feed.next(
        into: UnsafeMutableBufferPointer(start: iteration.real.base, count: iteration.real.count),
        resolution: moment.phase.resolution)
    }
    iteration.run(settings, more: more) { step, executor in
      for column in columns.all where executor.plan.outputs[column.name] != nil {
        row[column] = executor.output(column.name)[0]
        if step.isLazy { state.measured[column.name] = row[column] }
      }
    }
    // Lazy terms keep the value of their last step.
    for column in columns.all where row[column] == nil { row[column] = state.measured[column.name] }
    assert(columns.all.allSatisfy { row[$0] != nil }, "a column that no plan measures")
    try feed.dataset.check()
    let milliseconds = 1e3 * (clock.seconds - start)
    let evaluation: (row: MeasuredRow, seconds: Double)?
    do {
      evaluation = try evaluate(moment, row)
    } catch let left as EvaluationLeft {
      if let before { goBack(to: before.state, before.place) }
      return .left(left.reason)
    }
    let firings = watch.ask(row, evaluation: evaluation?.row, &state.watch)
    for firing in firings { try tell(.watched(firing)) }
    if let firing = firings.first(where: { $0.decision.step == .rollBack }) {
      try rollBack(firing)
      return .rolledBack
    }
    if let evaluation { try tell(.evaluated(evaluation.row, seconds: evaluation.seconds)) }
    try tell(.iterated(moment, row, milliseconds: milliseconds))
    if let stop = firings.first(where: { $0.decision.step == .stop }) { return .stopped(by: stop) }
    if let column = nonFinite(row), !watch.awaitsRollBack(state.watch) {
      throw Diverged(iteration: moment.iteration, cause: .loss(column))
    }
    return .settled
  }

  /// Puts the training back where it was.
  private func goBack(to earlier: TrainingState, _ place: FeedState) {
    state.copy(earlier)
    let isRestored = feed.restore(place)
    precondition(isRestored, "the feed does not know its own state \(place)")
  }

  /// Measures drawn images where that is due and the networks are sound. Changes nothing of the training. Throws ``EvaluationLeft``.
  private func evaluate(_ moment: Schedule.Moment, _ measured: MeasuredRow) throws -> (row: MeasuredRow, seconds: Double)? {
    guard evaluator.isDue(moment), nonFinite(measured) == nil else { return nil }
    let start = clock.seconds
    var reason: StopReason?
    let row = evaluator.row(moment, images: state.images.total, try sampler().sampler) { [interruption] in
      if reason == nil { reason = interruption.reason() }
      return reason != nil
    }
    try feed.dataset.check()
    if let row { return (row, clock.seconds - start) }
    throw EvaluationLeft(reason: reason!)
  }

  /// Returns to the checkpoint that `firing` asks for, and remembers that it did.
  private func rollBack(_ firing: Watch.Firing) throws {
    guard let rewinder else { preconditionFailure("nobody keeps checkpoints to roll back to") }
    let later = state.watch
    try rewinder.rewind(state, feed, before: firing.onset)
    state.watch.carry(from: later)
    try tell(.rolledBack)
  }

  /// The first loss term of `row` that is no number any more, by column.
  package func nonFinite(_ row: MeasuredRow) -> Column? { columns.terms.first { row[$0]?.isFinite == false } }

  /// Whether `metrics.csv` has the row of an iteration.
  func isRecorded(_ row: MeasuredRow) -> Bool {
    row.iteration % spec.record.metrics == 0 || row.iteration == schedule.iterations || nonFinite(row) != nil
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

}
