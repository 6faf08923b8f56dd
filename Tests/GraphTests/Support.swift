import Basics
import Graph
import Kernels

/// Seeded numbers in [-1, 1) that are exact in Float, so that plans and references see the same input.
func numbers(_ count: Int, seed: UInt64) -> [Double] {
  var stream = RandomStream(seed: seed, name: "test")
  return (0..<count).map { _ in Double(Float(stream.uniform(in: -1...1))) }
}

/// A graph with what to feed it.
struct Fixture {
  let graph = Graph()
  var feed: [String: [Double]] = [:]

  mutating func input(_ name: String, _ shape: Shape, seed: UInt64, offset: Double = 0) throws -> Tensor {
    feed[name] = numbers(shape.count, seed: seed &* 7919 &+ UInt64(feed.count)).map { $0 + offset }
    return try graph.add(Input(name: name, shape: shape))
  }

  /// The plan's results for `outputs`, in Float.
  func run(_ outputs: [String: Tensor], lanes: Int = 2, passes: [Pass] = Pass.all) throws -> [String: [Float]] {
    let plan = try Plan(outputs: outputs, passes: passes)
    let executor = Executor(plan, inputs: feed.mapValues { FloatBuffer($0.map { Float($0) }) }, lanes: Lanes(count: lanes))
    executor.run()
    executor.run()  // twice: nothing may depend on what a first run left behind
    return Dictionary(uniqueKeysWithValues: outputs.keys.map { ($0, Array(executor.output($0))) })
  }

  func reference(_ tensors: [Tensor]) -> [[Double]] { ReferenceEvaluator(inputs: feed).values(tensors) }
}

/// |a - b| / |b| in the Euclidean norm; infinite where a number is not finite.
func distance(_ a: [Float], _ b: [Double]) -> Double {
  guard a.count == b.count, a.allSatisfy(\.isFinite) else { return .infinity }
  let difference = zip(a, b).reduce(0) { $0 + (Double($1.0) - $1.1) * (Double($1.0) - $1.1) }
  let norm = b.reduce(0) { $0 + $1 * $1 }
  return norm == 0 ? difference.squareRoot() : (difference / norm).squareRoot()
}
