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

  @Test func largeFiltersMeetAllTheirBatchesAtOnce() throws {
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

  @Test func largeImagesKeepTheirOwnConvolutions() throws {
    var fixture = Fixture()
    let w = try fixture.input("w", [5, 3, 3, 3], seed: 1)
    let (a, b) = (try fixture.input("a", [2, 3, 7, 11], seed: 2), try fixture.input("b", [1, 3, 7, 11], seed: 3))
    #expect(try convolutions([convolve(a, w), convolve(b, w)], after: [.mergeBatches]).map(\.batch) == [2, 1])
  }

  @Test("What waits for another convolution, or crosswise, is not merged with it")
  func dependentBatchesStayApart() throws {
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
}
