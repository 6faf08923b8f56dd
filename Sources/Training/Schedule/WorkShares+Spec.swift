import Models
import Runs
import Spec

extension WorkShares {
  /// Those of a spec's schedule, by the multiply-adds of its convolutions and the values that other operations go through.
  package init(_ spec: ExperimentSpec) {
    self.init(Schedule(spec).phases.map { ($0.length, Self.work($0, spec)) })
  }

  /// Roughly the multiply-adds, counted as 2, of an iteration's convolutions.
  static func flops(_ phase: Schedule.Phase, _ spec: ExperimentSpec) -> Double { 2 * work(phase, spec) }

  /// Multiply-adds that going through a value of a layer takes as long as.
  private static let perValue = 70.0
  /// Multiply-adds for which an iteration takes as long as it does with networks of next to nothing.
  private static let perIteration = 2e6

  /// The work of an iteration of `phase`.
  private static func work(_ phase: Schedule.Phase, _ spec: ExperimentSpec) -> Double {
    func work(of network: NetworkRole) -> Double {
      Networks(spec).ladder(of: network, level: phase.level).reduce(0) { sum, layer in
        let features = layer.features
        return sum + layer.flops / 2 + perValue * Double(features.channels * features.side * features.side)
      }
    }
    // The generator draws for both updates; the discriminator looks at fakes and reals, and where slopes are measured twice.
    let slopes = spec.loss.discriminator.reduce(0.0) { $0 + ($1.needsSlopes ? 3 / Double($1.every) : 0) }
    let steps = Double(spec.schedule.criticSteps)
    let image = (2 + steps) * work(of: .generator) + (1 + steps * 2 + slopes) * work(of: .discriminator)
    return perIteration + Double(phase.batch) * image
  }
}
