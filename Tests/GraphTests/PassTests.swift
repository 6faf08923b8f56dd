@testable import Graph
import Kernels
import Testing

/// What passes do to a graph, beside keeping its values, which the plans' tests check.
@Suite struct PassTests {
  private func convolve(_ x: Tensor, _ w: Tensor) throws -> Tensor {
    let extents = ConvolutionShape(
      batch: x.shape[0], inputs: x.shape[1], outputs: w.shape[0], height: x.shape[2], width: x.shape[3], filterHeight: 3,
      filterWidth: 3, padding: 1, border: .reflect)
    return try x.graph.add(Convolution(extents), [x, w])
  }

  /// The convolutions of the graph that a plan would run, as their batch and slot.
  private func convolutions(_ wanted: [Tensor], after passes: [Pass]) throws -> [(batch: Int, result: Slot)] {
    var (graph, ids) = (wanted[0].graph, wanted.map(\.id))
    for pass in passes { (graph, ids) = try pass.apply(to: graph, wanted: ids) }
    let live = graph.live(from: ids)
    return graph.nodes.indices.filter { live[$0] }.compactMap { (graph.nodes[$0].op as? Convolution) }
      .map { ($0.extents.batch, $0.result) }
  }

  private func functions(_ wanted: [Tensor], after passes: [Pass]) throws -> [Map.Function] {
    var (graph, ids) = (wanted[0].graph, wanted.map(\.id))
    for pass in passes { (graph, ids) = try pass.apply(to: graph, wanted: ids) }
    let live = graph.live(from: ids)
    return graph.nodes.indices.filter { live[$0] }.compactMap { (graph.nodes[$0].op as? Map)?.function }
  }

  @Test func `large filters meet all their batches at once`() throws {
    var fixture = Fixture()
    let w = try fixture.input("w", [11, 7, 3, 3], seed: 1)
    let (a, b) = (try fixture.input("a", [3, 7, 2, 3], seed: 2), try fixture.input("b", [2, 7, 2, 3], seed: 3))
    let results = [try convolve(a, w), try convolve(b, w)]
    let total = try results[0].squared().total() + results[1].squared().total()
    let wanted = results + (try gradients(of: total, wrt: [a, b, w]))
    #expect(try convolutions(wanted, after: [.mergeBatches]).filter { $0.result != .b }.map(\.batch) == [5, 5])
    let outputs = Dictionary(uniqueKeysWithValues: wanted.enumerated().map { ("\($0)", $1) })
    let run = try fixture.run(outputs)
    for (index, expected) in fixture.reference(wanted).enumerated() {
      #expect(distance(run["\(index)"]!, expected) < 1e-6, "\(index)")
    }
  }

  @Test func `large images keep their own convolutions`() throws {
    var fixture = Fixture()
    let w = try fixture.input("w", [5, 3, 3, 3], seed: 1)
    let (a, b) = (try fixture.input("a", [2, 3, 7, 11], seed: 2), try fixture.input("b", [1, 3, 7, 11], seed: 3))
    #expect(try convolutions([convolve(a, w), convolve(b, w)], after: [.mergeBatches]).map(\.batch) == [2, 1])
  }

  @Test func `passes leave the batches of groups apart, and keep what groups compute`() throws {
    var fixture = Fixture()
    let w = try fixture.input("w", [22, 7, 3, 3], seed: 1)
    let images = [
      try fixture.input("a", [6, 7, 1, 2], seed: 2).apply(UpsampleNearest()),
      try fixture.input("b", [6, 7, 2, 4], seed: 3).scaled(by: 3),
    ]
    let extents = ConvolutionShape(
      batch: 3, inputs: 7, outputs: 11, height: 2, width: 4, filterHeight: 3, filterWidth: 3, padding: 1, groups: 2)
    let results = try images.map { try fixture.graph.add(Convolution(extents), [$0, w]).scaled(by: 0.5) }
    let total = try results[0].squared().total() + results[1].squared().total()
    let wanted = results + (try gradients(of: total, wrt: [w] + images))
    #expect(try convolutions(wanted, after: Pass.all).allSatisfy { $0.batch == 3 })
    let outputs = Dictionary(uniqueKeysWithValues: wanted.enumerated().map { ("\($0)", $1) })
    for count in 0...Pass.all.count {
      let run = try fixture.run(outputs, passes: Array(Pass.all.prefix(count)))
      for (index, expected) in fixture.reference(wanted).enumerated() {
        #expect(distance(run["\(index)"]!, expected) < 1e-6, "\(index) after \(count) passes")
      }
    }
  }

  @Test
  func `what waits for another convolution, or crosswise, is not merged with it`() throws {
    var fixture = Fixture()
    let (v, w) = (try fixture.input("v", [13, 13, 3, 3], seed: 1), try fixture.input("w", [13, 13, 3, 3], seed: 2))
    let (a, b) = (try fixture.input("a", [2, 13, 3, 3], seed: 3), try fixture.input("b", [2, 13, 3, 3], seed: 4))
    #expect(try convolutions([convolve(convolve(a, w), w)], after: [.mergeBatches]).map(\.batch) == [2, 2])
    // v before w in one chain, w before v in the other: merging both pairs would make each wait for the other.
    let chains = [try convolve(convolve(a, v), w), try convolve(convolve(b, w), v)]
    #expect(try convolutions(chains, after: [.mergeBatches]).map(\.batch).sorted() == [2, 2, 4])
    let run = try fixture.run(["0": chains[0], "1": chains[1]])
    for (index, expected) in fixture.reference(chains).enumerated() {
      #expect(distance(run["\(index)"]!, expected) < 1e-6, "\(index)")
    }
  }

  @Test func `scales move to the smallest of a convolution`() throws {
    var fixture = Fixture()
    let (x, w) = (try fixture.input("x", [2, 3, 17, 31], seed: 1), try fixture.input("w", [5, 3, 3, 3], seed: 2))
    let z = try fixture.input("z", [2, 5, 17, 31], seed: 3)
    let y = try convolve(x, w).scaled(by: 0.3)
    let wanted = [y] + (try gradients(of: (y * z).total(), wrt: [x, w]))
    var (graph, ids) = (fixture.graph, wanted.map(\.id))
    for pass in [Pass.moveScales, .simplify] { (graph, ids) = try pass.apply(to: graph, wanted: ids) }
    let live = graph.live(from: ids)
    for (id, node) in graph.nodes.enumerated() where live[id] {
      if case .scale? = (node.op as? Map)?.function { #expect(node.shape.count <= w.shape.count, "\(node.shape)") }
    }
    let run = try fixture.run(["0": wanted[0], "1": wanted[1], "2": wanted[2]])
    for (index, expected) in fixture.reference(wanted).enumerated() {
      #expect(distance(run["\(index)"]!, expected) < 1e-6, "\(index)")
    }
  }

  @Test
  func `a factor that two results share, and a result that is read twice, keep their places`() throws {
    var fixture = Fixture()
    let (x, w) = (try fixture.input("x", [2, 3, 7, 11], seed: 1), try fixture.input("w", [5, 3, 3, 3], seed: 2))
    let y = try convolve(x, w)
    #expect(try convolutions([y.scaled(by: 3), y.squared()], after: [.moveScales]).count == 1)
  }

  @Test
  func `factors join, and the sign of a product with a positive number is that of the other`() throws {
    var fixture = Fixture()
    let (x, b) = (try fixture.input("x", [2, 3, 5, 7], seed: 1), try fixture.input("b", [2, 1, 5, 7], seed: 2))
    let repeated = try b.broadcast(to: x.shape)
    let scaled = try (x.scaled(by: 3) * repeated).scaled(by: 2)
    #expect(try functions([scaled], after: [.simplify]).contains(.scale(6)))
    #expect(try functions([scaled], after: [.simplify]).count == 2)
    #expect(try functions([x.scaled(by: 3) + x.scaled(by: 3)], after: [.simplify]) == [.scale(6)])
    let sum = try x.scaled(by: 3) + x.squared().scaled(by: 3)
    #expect(try functions([sum], after: [.simplify]).filter { $0 == .scale(3) }.count == 1)
    let positive = try b.squared().squareRoot() + 1e-3
    let slope = try (x * positive.reciprocal()).mapped(.slope(0.2))
    #expect(try functions([slope], after: [.simplify]) == [.slope(0.2)])
    let unknown = try (x * b).mapped(.slope(0.2))
    #expect(try functions([unknown], after: [.simplify]) == [.multiply, .slope(0.2)])
    let wanted = [scaled, sum, slope, unknown]
    let run = try fixture.run(Dictionary(uniqueKeysWithValues: wanted.enumerated().map { ("\($0)", $1) }))
    for (index, expected) in fixture.reference(wanted).enumerated() {
      #expect(distance(run["\(index)"]!, expected) < 1e-6, "\(index)")
    }
  }

  @Test func `the derivative of a square is one product`() throws {
    var fixture = Fixture()
    let x = try fixture.input("x", [2, 3, 5, 7], seed: 1)
    let gradient = try gradients(of: x.squared().total(), wrt: [x])
    #expect(try functions(gradient, after: [.simplify]) == [.scale(2)])
    let run = try fixture.run(["0": gradient[0]])
    #expect(distance(run["0"]!, fixture.reference(gradient)[0]) < 1e-6)
  }
}
