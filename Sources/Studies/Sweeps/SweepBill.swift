import Basics
import Kernels
import Models
import Spec
import Training

/// What the trials of a sweep take, before any of them has begun.
package struct SweepBill {
  /// What one trial takes alone.
  package struct Item: Equatable, Sendable {
    package let trial: Trial
    package let iterations: Int
    /// On the threads of a worker; nil when nothing was timed.
    package let seconds: Double?
    /// What its directory holds at the end.
    package let bytes: Int
  }

  package let items: [Item]
  /// What trials share.
  package let prefixes: PrefixIndex
  /// Seconds that sharing saves.
  package let savedSeconds: Double?
  /// Trials whose values are not known yet; they are taken to be like the known ones.
  package let unknownTrials: Int

  /// Computes the bill of `trials`, the known ones of `source`, with `threads` for each.
  package init(_ source: SweepSource, _ trials: [Trial], threads: Int, timing: Bool) throws {
    var forecaster = Forecaster(lanes: Lanes(count: threads), timing: timing)
    var specs: [Int: ExperimentSpec] = [:]
    items = try zip(trials, source.specs(of: trials)).map { trial, read in
      let spec = try read.get()
      specs[trial.number] = spec
      return Item(
        trial: trial, iterations: Schedule(spec).iterations, seconds: try forecaster.seconds(spec), bytes: forecaster.bytes(spec))
    }
    let index = try PrefixIndex(source, trials)
    prefixes = index
    savedSeconds =
      timing
      ? try index.prefixes.reduce(0.0) { sum, prefix in
        let first = index.prefix(parentOf: prefix)?.iteration ?? 0
        let seconds = try forecaster.seconds(specs[prefix.trials[0]]!, first + 1...prefix.iteration) ?? 0
        return sum + seconds * Double(prefix.trials.count - 1)
      } : nil
    let strategy = source.sweep.strategy
    unknownTrials = source.sweep.search.isAdaptive ? strategy.count * source.sweep.repeats - trials.count : 0
  }

  /// Iterations of all trials, each for itself.
  package var iterations: Int { scaled(items.reduce(0) { $0 + $1.iterations }) }
  /// Seconds of all trials, each for itself, one after the other.
  package var seconds: Double? {
    let known = items.compactMap(\.seconds)
    return known.count == items.count ? known.reduce(0, +) * Double(items.count + unknownTrials) / Double(items.count) : nil
  }
  /// Bytes of all trials.
  package var bytes: Int { scaled(items.reduce(0) { $0 + $1.bytes }) }

  private func scaled(_ sum: Int) -> Int { sum / items.count * (items.count + unknownTrials) + sum % items.count }
}

/// Times each kind of phase once.
private struct Forecaster {
  /// What the time of an iteration depends on.
  private struct Key: Hashable {
    let networks: String
    let resolution: Int
    let batch: Int
    let isFading: Bool
  }

  let lanes: Lanes
  let timing: Bool
  private var known: [Key: Double] = [:]
  private var sizes: [String: Int] = [:]
  private var last: (spec: ExperimentSpec, slots: [[String]], networks: String)?

  /// A row of each CSV file and a pixel of a grid, roughly.
  private static let (bytesPerRow, bytesPerPixel) = (330, 2.2)

  init(lanes: Lanes, timing: Bool) { (self.lanes, self.timing) = (lanes, timing) }

  /// Seconds of `iterations`, or of the whole schedule; nil when nothing is timed.
  mutating func seconds(_ spec: ExperimentSpec, _ iterations: ClosedRange<Int>? = nil) throws -> Double? {
    guard timing else { return nil }
    var sum = 0.0
    var state: TrainingState?
    let networks = networks(spec)
    for phase in Schedule(spec).phases {
      let range = iterations ?? phase.firstIteration...phase.lastIteration
      let fadeEnd = phase.firstIteration + phase.fade - 1
      for (isFading, part) in [(true, phase.firstIteration..<fadeEnd + 1), (false, fadeEnd + 1..<phase.lastIteration + 1)] {
        let count = part.clamped(to: range.lowerBound..<range.upperBound + 1).count
        guard count > 0 else { continue }
        let key = Key(networks: networks, resolution: phase.resolution, batch: phase.batch, isFading: isFading)
        if known[key] == nil {
          if state == nil {
            try TrainingMemory(spec, threads: lanes.count).requireTraining()
            state = TrainingState(spec)
          }
          let forecast = try PhaseForecast(phase, spec, state: state!, lanes: lanes, timing: true)
          for (isFading, seconds) in [(true, forecast.fadeSeconds), (false, forecast.holdSeconds)] {
            known[Key(networks: key.networks, resolution: phase.resolution, batch: phase.batch, isFading: isFading)] = seconds
          }
        }
        sum += Double(count) * known[key]!
      }
    }
    return sum
  }

  /// Bytes that a finished run of `spec` leaves.
  mutating func bytes(_ spec: ExperimentSpec) -> Int {
    let (schedule, record) = (Schedule(spec), spec.record)
    let key = networks(spec)
    if sizes[key] == nil { sizes[key] = TrainingMemory(spec, threads: lanes.count).stateBytes }
    let checkpoints = min(record.checkpoints.keep, schedule.iterations / record.checkpoints.every + 1)
    let side = Double(spec.data.resolution)
    let grid = 2 * Double(record.samples.count) * side * side * Self.bytesPerPixel
    let grids = Double(schedule.iterations / record.samples.every)
    return sizes[key]! * (checkpoints + (record.checkpoints.phases ? schedule.phases.count - 1 : 0)) + sizes[key]! / 4
      + schedule.iterations / record.metrics * Self.bytesPerRow + Int(grid * grids)
  }

  /// Writing networks out takes longer than comparing them, and most trials of a sweep have those of the trial before.
  private mutating func networks(_ spec: ExperimentSpec) -> String {
    let slots = NetworkRole.allCases.map { Networks(spec).optimizer(of: $0).slots }
    if let last, last.spec.generator == spec.generator, last.spec.discriminator == spec.discriminator, last.spec.loss == spec.loss,
      last.spec.schedule.order == spec.schedule.order, last.spec.schedule.criticSteps == spec.schedule.criticSteps,
      last.slots == slots
    {
      return last.networks
    }
    let terms = (spec.loss.generator + spec.loss.discriminator).map { "\($0.key) \($0.every)" }
    let order = "\(spec.schedule.order) \(spec.schedule.criticSteps)"
    let networks = "\(spec.generator) \(spec.discriminator) \(terms) \(order) \(slots)"
    last = (spec, slots, networks)
    return networks
  }
}
