import ArgumentParser
import Basics
import Foundation
import Graph
import Kernels
import Models
import Spec
import Training

/// `fadein bench`: the time of a training iteration at each resolution, or that of each kernel.
struct Bench: FadeinCommand {
  static let configuration = CommandConfiguration(
    abstract: "Times a training iteration at each resolution, or each kernel.",
    discussion: """
      An iteration in the middle of the fade, if a phase has one, on random images. GFLOP/s counts the convolutions of the definition, each done once; \
      the peak is what the same threads reach in multiply-adds alone, measured in the same process.

      With 'kernels' in the place of the spec: each convolution of mel-icon's networks against the peak and against OpenBLAS, with \
      its largest difference from the definition, and the kernels that move memory against memcpy.
      """
  )

  /// The word that asks for the kernels.
  private static let kernels = "kernels"

  @Argument(help: "The experiment whose networks are timed, or 'kernels'.", completion: .file(extensions: ["yaml", "yml"]))
  var spec = "experiments/mel-icon.yaml"

  @Argument(help: "Changes to the spec, as for run.")
  var overrides: [String] = []

  @Option(help: ArgumentHelp("Resolutions to time, as in 4,64; all of the spec's by default.", valueName: "list"))
  var resolutions: ResolutionList?

  @Option(help: ArgumentHelp("Iterations, or runs of a kernel, whose median counts.", valueName: "n"))
  var iterations = 10

  @OptionGroup var threads: ThreadArguments

  @Option(help: ArgumentHelp("Also list the slowest steps of each resolution.", valueName: "n"))
  var steps = 0

  @Option(help: ArgumentHelp("With kernels: only those whose names have this in them, as in 'conv1 filter'.", valueName: "text"))
  var filter: String?

  @Flag(help: "With kernels: also time the algorithms that were not chosen; the chosen one comes first.")
  var algorithms = false

  @Flag(help: "One JSON object a line.")
  var json = false

  var printsJSON: Bool { json }

  func validate() throws {
    if spec == Self.kernels {
      guard overrides.isEmpty, resolutions == nil, steps == 0 else {
        throw ValidationError("overrides, --resolutions and --steps are for a spec, not for kernels")
      }
    } else if filter != nil || algorithms {
      throw ValidationError("--filter and --algorithms are for 'bench kernels'")
    }
    guard (1...100_000).contains(iterations) else {
      throw ValidationError("--iterations must be from 1 to 100000, not \(iterations)")
    }
  }

  mutating func execute() throws {
    if spec == Self.kernels {
      let bench = BenchKernels(
        filter: filter, measurements: iterations, threads: threads.count, algorithms: algorithms, json: json)
      return try bench.run()
    }
    let spec = try SpecArguments.read(spec, overrides)
    let sides = spec.schedule.phases.map(\.resolution)
    if let wanted = resolutions?.values.first(where: { !sides.contains($0) }) {
      throw ValidationError("the spec has no phase of resolution \(wanted)")
    }
    let lanes = threads.lanes
    let peak = MachinePeak.measure(lanes)
    if !json {
      print("\(spec.name), batch \(spec.schedule.batch), \(threads.count) threads, peak \(Self.fixed(peak * 1e-9, 0)) GFLOP/s")
    }
    if !json { print("resolution   median ms      min ms     GFLOP/s   % of peak  time by kernel family") }
    for phase in Schedule(spec).phases where resolutions?.values.contains(phase.resolution) ?? true {
      let result = try IterationBenchmark(spec, level: phase.level, lanes: lanes, iterations: iterations)
      print(json ? try line(result, peak) : row(result, peak))
      if !json { for step in result.steps.prefix(steps) { print(row(step)) } }
    }
  }

  private func row(_ result: IterationBenchmark, _ peak: Double) -> String {
    let numbers = [
      "\(result.resolution)", Self.fixed(result.medianSeconds * 1e3, 2), Self.fixed(result.seconds.min()! * 1e3, 2),
      Self.fixed(result.flops / result.medianSeconds * 1e-9, 1), Self.fixed(100 * result.flops / result.medianSeconds / peak, 1),
    ]
    let widths = [10, 12, 12, 12, 12]
    let families = result.families.filter { $0.share >= 0.01 }.map { "\($0.name) \(Self.fixed(100 * $0.share, 0))%" }
    return zip(numbers, widths).map { String(repeating: " ", count: max(0, $1 - $0.count)) + $0 }.joined() + "  "
      + families.joined(separator: ", ")
  }

  private func row(_ timed: (step: Plan.Step, seconds: Double)) -> String {
    let (step, seconds) = timed
    let compute = step.kernel.flops > 0 ? "\(Self.fixed(step.kernel.flops / seconds * 1e-9, 0)) GFLOP/s, " : ""
    let memory = "\(Self.fixed(4 * Double(step.count) / seconds * 1e-9, 1)) GB/s"
    return
      "\(String(repeating: " ", count: 12))\(Self.fixed(seconds * 1e3, 3)) ms  \(step.kernel.family)  \(step.name)  \(compute)\(memory)"
  }

  private func line(_ result: IterationBenchmark, _ peak: Double) throws -> String {
    struct Line: Encodable {
      let resolution, threads, batch: Int
      let medianMs, minMs, gflops, peakGflops: Double
    }
    func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }
    return try JSONLine.text(
      Line(
        resolution: result.resolution, threads: threads.count, batch: result.batch,
        medianMs: rounded(result.medianSeconds * 1e3), minMs: rounded(result.seconds.min()! * 1e3),
        gflops: rounded(result.flops / result.medianSeconds * 1e-9), peakGflops: rounded(peak * 1e-9)))
  }

  private static func fixed(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }
}

/// Resolutions separated by commas.
struct ResolutionList: ExpressibleByArgument {
  let values: [Int]

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    guard !parts.contains(nil) else { return nil }
    values = parts.compactMap { $0 }
  }
}
