import Basics
import Graph
import Kernels
import Testing

@testable import Models
@testable import Spec

/// What layers keep beside weights: how it follows what passes, and what drawing makes of it.
@Suite struct LayerStateTests {
  private func sequence(_ text: String, _ channels: Int) throws -> LayerSequence {
    LayerSequence(layers: try layers(text), place: LayerPlace(entering: channels, leaving: channels), name: "b")
  }

  private func feed(_ graph: Graph, _ variables: [Variable], seed: UInt64 = 5) -> [String: [Double]] {
    var stream = RandomStream(seed: seed, name: "feed")
    var feed: [String: [Double]] = [:]
    for node in graph.nodes {
      guard let name = (node.op as? Input)?.name else { continue }
      feed[name] = (0..<node.shape.count).map { _ in stream.uniform(in: -1...1) }
    }
    for variable in variables { feed[variable.key] = variable.initialValues(seed: seed).map(Double.init) }
    return feed
  }

  /// New values of the statistics of `scope`.
  private func updated(_ scope: Scope, _ feed: [String: [Double]]) -> [String: [Double]] {
    guard let effect = scope.updates else { return [:] }
    let values = ReferenceEvaluator(inputs: feed).values(effect.operands)
    return Dictionary(uniqueKeysWithValues: zip(effect.targets.map { ($0.op as! Input).name }, values))
  }

  @Test(
    arguments: [
      "{convolution: {width: 5, spectral_norm: MODE, bias: false}}",
      "{convolution: {width: 5, kernel: 4, stride: 2, transposed: true, spectral_norm: MODE, bias: false}}",
      "{dense: {width: 3, side: 2, spectral_norm: MODE, bias: false}}",
    ], ["pass", "step"])
  func `a spectral norm comes to divide by the largest singular value`(text: String, mode: String) throws {
    let list = try sequence("[\(text.replacing("MODE", with: mode))]", 3)
    let plain = try sequence("[\(text.replacing("MODE", with: "none"))]", 3)
    let graph = Graph()
    let scope = Scope(graph: graph, network: .generator)
    let x = try graph.add(Input(name: "x", shape: [2, 3, 5, 5]))
    let y = try list(x, in: scope)
    let other = try plain(x, in: scope)
    var feed = feed(graph, scope.variables)
    for _ in 0..<300 { feed.merge(updated(scope, feed)) { $1 } }
    let values = ReferenceEvaluator(inputs: feed).values([y, other])
    let ratio = try #require(zip(values[1], values[0]).first { abs($0.1) > 1e-6 }.map { $0 / $1 })
    for (one, two) in zip(values[0], values[1]) { #expect(abs(one * ratio - two) < 1e-9) }
    let weight = try #require(scope.weights.variables.first)
    let axis = text.contains("transposed") ? 1 : 0
    let largest = Self.largestSingularValue(feed[weight.key]!, weight.shape.dims, axis: axis)
    #expect(abs(ratio - largest) < 1e-6 * largest, "\(ratio), not \(largest)")
    // There the derivative is that of the norm itself, whatever u and v are taken for.
    let loss = try (y * y * y).total()
    let slope = ReferenceEvaluator(inputs: feed).values([try gradients(of: loss, wrt: scope.weights.tensors)[0]])[0]
    for i in stride(from: 0, to: slope.count, by: max(1, slope.count / 7)) {
      func at(_ offset: Double) -> Double {
        var moved = feed
        moved[weight.key]![i] += offset
        return ReferenceEvaluator(inputs: moved).values([loss])[0][0]
      }
      let quotient = (at(1e-5) - at(-1e-5)) / 2e-5
      #expect(abs(quotient - slope[i]) < 1e-4 * (slope.map(abs).max() ?? 1))
    }
  }

  /// By the powers of MᵀM in Double.
  private static func largestSingularValue(_ values: [Double], _ dims: [Int], axis: Int) -> Double {
    let rows = dims[axis], inner = dims[(axis + 1)...].reduce(1, *), outer = dims[..<axis].reduce(1, *)
    let matrix = (0..<rows).map { row in
      (0..<outer).flatMap { o in (0..<inner).map { values[(o * rows + row) * inner + $0] } }
    }
    var v = [Double](repeating: 1, count: outer * inner)
    for i in v.indices { v[i] += 0.01 * Double(i % 7) }
    var norm = 0.0
    for _ in 0..<2000 {
      let u = matrix.map { zip($0, v).reduce(0) { $0 + $1.0 * $1.1 } }
      for i in v.indices { v[i] = zip(matrix, u).reduce(0) { $0 + $1.0[i] * $1.1 } }
      let length = v.reduce(0) { $0 + $1 * $1 }.squareRoot()
      norm = length.squareRoot()
      for i in v.indices { v[i] /= length }
    }
    return norm
  }

  @Test(arguments: ["[{convolution: {width: 5, spectral_norm: pass}}]", "[batch_norm]", "[{batch_norm: {statistics: running}}]"])
  func `minibatches of one pass are what they are in passes of their own`(text: String) throws {
    let list = try sequence(text, 3)
    let graph = Graph()
    let (one, two) = (Scope(graph: graph, network: .generator), Scope(graph: graph, network: .generator))
    let a = try graph.add(Input(name: "a", shape: [3, 3, 5, 5])), b = try graph.add(Input(name: "b", shape: [3, 3, 5, 5]))
    let joined = try list(graph.add(Concatenate(axis: 0), [a, b]), in: one.divided(into: 2))
    let (first, second) = (try list(a, in: two), try list(b, in: two))
    let feed = feed(graph, one.variables)
    let values = ReferenceEvaluator(inputs: feed).values([joined, first, second])
    for (one, two) in zip(values[0], values[1] + values[2]) { #expect(abs(one - two) < 1e-12) }
    let (left, right) = (updated(one, feed), updated(two, feed))
    #expect(left.keys.sorted() == right.keys.sorted())
    for (name, values) in left { for (x, y) in zip(values, right[name]!) { #expect(abs(x - y) < 1e-12, "\(name)") } }
  }

  @Test func `a step's norm is one for all passes, and only the own update keeps it`() throws {
    let list = try sequence("[{convolution: {spectral_norm: step, bias: false}}]", 3)
    let graph = Graph()
    let x = try graph.add(Input(name: "x", shape: [2, 3, 4, 4]))
    for isLearning in [true, false] {
      let scope = Scope(graph: graph, network: .generator, isLearning: isLearning)
      let (first, second) = (try list(x, in: scope), try list(x, in: scope))
      let feed = feed(graph, scope.variables)
      let values = ReferenceEvaluator(inputs: feed).values([first, second])
      #expect(values[0] == values[1])
      #expect(updated(scope, feed).isEmpty != isLearning)
    }
  }

  @Test func `running statistics move towards each minibatch, and drawing uses them`() throws {
    let list = try sequence("[{batch_norm: {statistics: running, momentum: 0.25}}]", 2)
    let graph = Graph()
    let scope = Scope(graph: graph, network: .generator)
    let x = try graph.add(Input(name: "x", shape: [2, 2, 1, 2]))
    _ = try list(x, in: scope)
    // The channels of four numbers each: 1, 2, 3, 6 and 0, 0, 0, 4.
    var feed = feed(graph, scope.variables)
    feed["x"] = [1, 2, 0, 0, 3, 6, 0, 4]
    let new = updated(scope, feed)
    #expect(new["generator.b.norm1.mean"] == [0.25 * 3, 0.25 * 1])
    for (got, wanted) in zip(new["generator.b.norm1.variance"]!, [0.75 + 0.25 * 14 / 3, 0.75 + 0.25 * 12 / 3]) {
      #expect(abs(got - wanted) < 1e-12)
    }
    let drawing = Scope(graph: graph, network: .generator, mode: .drawing)
    let drawn = try list(x, in: drawing)
    feed.merge(new) { $1 }
    let value = ReferenceEvaluator(inputs: feed).values([drawn])[0][3]
    let wanted = (6 - 0.75) / (0.75 + 0.25 * 14 / 3 + 1e-5).squareRoot()
    #expect(drawing.updates == nil)
    #expect(abs(value - (0 - 0.25) / (0.75 + 0.25 * 12 / 3 + 1e-5).squareRoot()) < 1e-9)
    #expect(abs(ReferenceEvaluator(inputs: feed).values([drawn])[0][5] - wanted) < 1e-9)
  }

  @Test func `standing statistics are means over minibatches, and training keeps none`() throws {
    let list = try sequence("[batch_norm]", 2)
    let graph = Graph()
    let x = try graph.add(Input(name: "x", shape: [3, 2, 3, 3]))
    let training = Scope(graph: graph, network: .generator)
    _ = try list(x, in: training)
    #expect(training.variables.map(\.name) == ["b.norm1.scale", "b.norm1.bias"])
    let share = try graph.add(Input(name: "share", shape: .scalar))
    let scope = Scope(graph: graph, network: .generator, mode: .settling(share: share))
    _ = try list(x, in: scope)
    var feed = feed(graph, scope.variables)
    var means: [Double] = []
    for number in 1...4 {
      var stream = RandomStream(seed: UInt64(number), name: "minibatch")
      feed["x"] = (0..<54).map { _ in stream.uniform() }
      feed["share"] = [1 / Double(number)]
      let first = (0..<3).flatMap { image in (0..<9).map { feed["x"]![image * 18 + $0] } }
      means.append(first.reduce(0, +) / 27)
      feed.merge(updated(scope, feed)) { $1 }
    }
    #expect(abs(feed["generator.b.norm1.mean"]![0] - means.reduce(0, +) / 4) < 1e-12)
  }
}
