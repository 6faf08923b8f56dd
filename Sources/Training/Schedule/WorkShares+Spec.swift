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

  /// Multiply-adds that going through a value once more, in some elementwise operation, takes as long as.
  private static let perValue = 200.0
  /// Multiply-adds for which an iteration takes as long as it does with networks of next to nothing.
  private static let perIteration = 2e6

  /// The work of an iteration of `phase`.
  private static func work(_ phase: Schedule.Phase, _ spec: ExperimentSpec) -> Double {
    let (generator, discriminator) = (spec.generator, spec.discriminator)
    func work(_ inputs: Int, _ outputs: Int, side: Int) -> Double {
      Double(side * side) * (9 * Double(inputs) * Double(outputs) + perValue * Double(outputs))
    }
    let image = (0...phase.level).reduce(0.0) { sum, level in
      let (side, wide) = (4 << level, generator.widths[level])
      let above = level == 0 ? generator.latent : generator.widths[level - 1]
      let (seen, below) = (
        discriminator.widths[level],
        level == 0 ? discriminator.top : discriminator.widths[level - 1]
      )
      // The generator draws for both updates; the discriminator looks at fakes, reals and mixes, and at these twice.
      return sum + 3 * (work(above, wide, side: side) + work(wide, wide, side: side))
        + (spec.loss.usesMixes ? 6 : 3) * (work(seen, seen, side: side) + work(seen, below, side: side))
    }
    return perIteration + Double(phase.batch) * image
  }
}
