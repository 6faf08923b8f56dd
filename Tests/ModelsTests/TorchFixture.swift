import Basics
import Foundation
import Graph
import Kernels
import Models
import Runs
import Spec
import Testing

/// One iteration that PyTorch computed in double precision, and the same iteration by the plans.
struct TorchFixture {
  let file: SafetensorsFile
  let spec: ExperimentSpec
  let graph: TrainingGraph
  private let alpha: Float
  private let step: Int

  init(_ name: String) throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
    file = try SafetensorsFile(folder.appending(path: "\(name).safetensors").path, in: LocalFileSystem())
    let text = file.metadata
    func number(_ key: String) throws -> Int { try #require(text[key].flatMap { Int($0) }, "\(key)") }
    let recipe = try #require(text["recipe"].flatMap { Recipe(rawValue: $0) })
    let widths = try #require(text["widths"]).split(separator: ",").compactMap { Int($0) }
    alpha = Float(try #require(text["alpha"].flatMap { Double($0) }))
    step = try number("step")
    spec = try recipe.spec(widths: widths, latent: number("latent"), top: number("top"), batch: number("batch"))
    graph = TrainingGraph(spec, level: try number("level"), batch: try number("batch"), fading: alpha < 1, tracing: true)
  }

  /// What the plans make of the fixture, by the names of its tensors: `loss/`, `gradient/`, `value/` and `after/`.
  func run(lanes: Int) throws -> [String: [Float]] {
    var buffers: [String: FloatBuffer] = [:]
    for name in file.names {
      if let input = name.stripping("before/") ?? name.stripping("input/") { buffers[input] = FloatBuffer(try file.floats(name)) }
      if let key = name.stripping("before/generator.") { buffers["average.\(key)"] = FloatBuffer(try file.floats(name)) }
      if name.hasPrefix("moment") {
        buffers[name.replacing("/", with: ".", maxReplacements: 1)] = FloatBuffer(try file.floats(name))
      }
    }
    buffers["alpha"] = FloatBuffer([alpha])
    for plan in NetworkRole.allCases.map({ graph.update(TrainingStep($0)) }) {
      let numbers = FloatBuffer(count: plan.numbersCount)
      plan.fill(numbers.base, rate: spec.optimizer[plan.step.network].rate, decay: 0.75, steps: plan.weights.map { _ in step })
      buffers[plan.numbersName] = numbers
    }
    let plans = ["generator": try graph.generatorPlan(), "discriminator": try graph.discriminatorPlan()]
    let order = spec.schedule.order == .generatorFirst ? ["generator", "discriminator"] : ["discriminator", "generator"]
    var results: [String: [Float]] = [:]
    for network in order {
      let executor = Executor(plans[network]!, inputs: buffers, lanes: Lanes(count: lanes))
      executor.run()
      for name in executor.plan.outputs.keys {
        let values = Array(executor.output(name))
        if name == "gradient_norm" { results["value/\(name)"] = values }
        if let term = name.stripping("loss.") { results["loss/\(term)"] = values }
        if let parameter = name.stripping("gradient.") { results["gradient/\(parameter)"] = values }
      }
    }
    for name in file.names { if let input = name.stripping("after/") { results[name] = buffers[input]!.values } }
    for (name, buffer) in buffers where name.hasPrefix("average.") { results[name] = buffer.values }
    return results
  }
}

/// |a - b| / |b| in the Euclidean norm; infinite where a number is not finite.
func distance(_ a: [Float], _ b: [Float]) -> Double {
  guard a.count == b.count, a.allSatisfy(\.isFinite) else { return .infinity }
  let difference = zip(a, b).reduce(0.0) { $0 + (Double($1.0) - Double($1.1)) * (Double($1.0) - Double($1.1)) }
  let norm = b.reduce(0.0) { $0 + Double($1) * Double($1) }
  return norm == 0 ? difference.squareRoot() : (difference / norm).squareRoot()
}

extension String {
  /// What follows `prefix`, or nil if this does not begin with it.
  func stripping(_ prefix: String) -> String? { hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil }
}
