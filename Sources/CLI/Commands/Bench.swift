import ArgumentParser
import Basics
import Foundation
import Kernels
import Models
import Spec
import Training

/// `fadein bench`: the time of a training iteration at each resolution.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Times a training iteration at each resolution.")

  @Argument(help: "The experiment whose networks are timed.", completion: .file(extensions: ["yaml", "yml"]))
  var spec = "experiments/mel-icon.yaml"

  @Option(help: "Resolutions to time, as in 4,64; all of the spec's by default.")
  var resolutions: String?

  @Option(help: "Iterations whose median counts, after two that do not.")
  var iterations = 10

  @OptionGroup var threads: ThreadArguments

  @Flag(help: "One JSON object a line.")
  var json = false

  mutating func run() throws {
    let spec = try ExperimentSpec.read(path: spec, terms: LossCatalog.declarations, checkingFiles: false)
    let lanes = Lanes(count: threads.count)
    for level in spec.generator.widths.indices {
      let b = try IterationBenchmark(spec, level: level, lanes: lanes, iterations: iterations)
      print(level, b.medianSeconds * 1e3, b.flops / b.medianSeconds / 1e9, b.families)
    }
  }
}
