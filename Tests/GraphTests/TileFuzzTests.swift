import Foundation
import Graph
import Kernels
import Testing

@Suite struct TileFuzzTests {
  @Test(arguments: 0..<240 as Range<UInt64>)
  func `a random graph's plan computes its definition, on any number of lanes the same bits`(seed: UInt64) throws {
    try check(seed)
  }

  @Test func `plans are their definition on plain processors`() async {
    await #expect(processExitsWith: .success) {
      setenv("FADEIN_CPU", "default", 1)
      for seed: UInt64 in 0..<40 { try check(seed) }
    }
  }

  @Test func `plans are their definition on processors with AVX2`() async {
    await #expect(processExitsWith: .success) {
      setenv("FADEIN_CPU", "v3", 1)
      for seed: UInt64 in 40..<80 { try check(seed) }
    }
  }

  @Test func `plans give the same bits with AVX2 alone`() async throws {
    let seeds: Range<UInt64> = 80..<120
    let expected: [[String: [UInt32]]] = try seeds.map(bits)
    await #expect(processExitsWith: .success) { [expected = expected as [[String: [UInt32]]], seeds = seeds as Range<UInt64>] in
      // A processor without fused multiply-adds, and one that was told to have none, promise nothing.
      if getenv("FADEIN_CPU").map({ String(cString: $0) }) == "default" { return }
      setenv("FADEIN_CPU", "v3", 1)
      for (seed, expected) in zip(seeds, expected) { try #require(bits(seed) == expected, "graph \(seed)") }
    }
  }

  @Test func `sums over images that many units share are their definition`() throws {
    var fixture = Fixture()
    let x = try fixture.input("x", [2, 2, 200, 200], seed: 1)
    let weight = try fixture.input("weight", [1, 2, 1, 1], seed: 2)
    let y = try x * weight
    let outputs = [
      "y": y, "images": try y.sum(to: [2, 1, 1, 1]), "channels": try (y * x).sum(to: [1, 2, 1, 1]),
      "planes": try y.sum(to: [2, 2, 1, 1]), "norm": try y.squared().sum(to: [2, 1, 200, 200]).squareRoot(),
    ]
    let one = try fixture.run(outputs, lanes: 1)
    for (name, tensor) in outputs {
      // 80,000 numbers of both signs: what they add up to is about 1/300 of what rounding is relative to.
      #expect(distance(one[name]!, fixture.reference([tensor])[0]) < 1e-5, "\(name)")
    }
    #expect(try fixture.run(outputs, lanes: 3) == one)
  }

  @Test func `very many short rows are their definition, sums along and across them`() throws {
    var fixture = Fixture()
    let x = try fixture.input("x", [1543, 67], seed: 1)
    let row = try fixture.input("row", [1, 67], seed: 2), column = try fixture.input("column", [1543, 1], seed: 3)
    let y = try (x * row + column).mapped(.sigmoid)
    let outputs = [
      "y": y, "rows": try y.sum(to: column.shape), "columns": try y.sum(to: row.shape), "all": try y.sum(to: [1, 1]),
      "norm": try y * y.squared().sum(to: column.shape).squareRoot(), "small": try (row.squared() + row).sum(to: [1, 1]),
      "wide": try row.squared() * column.sum(to: [1, 1]),
    ]
    let one = try fixture.run(outputs, lanes: 1)
    for (name, tensor) in outputs {
      #expect(distance(one[name]!, fixture.reference([tensor])[0]) < 2e-6, "\(name)")
      #expect(distance(try fixture.run([name: tensor])[name]!, fixture.reference([tensor])[0]) < 2e-6, "\(name) alone")
    }
    #expect(try fixture.run(outputs, lanes: 3) == one)
  }

  @Test(arguments: [[1, 3, 5, 7], [1, 3, 1, 1], [1, 1, 5, 7], [2, 3, 1, 1]])
  func `a result smaller than what shares its pass is computed once`(dims: [Int]) throws {
    var fixture = Fixture()
    let x = try fixture.input("x", Shape(dims), seed: 1), y = try fixture.input("y", [2, 3, 5, 7], seed: 2)
    var outputs = ["product": try x * y, "root": try x.squared().scaled(by: 2)]
    for (name, shape) in ["rows": [1, 3, 1, 1], "pixels": [1, 1, 5, 7], "images": [2, 1, 1, 1], "all": [1, 1, 1, 1]]
      as [String: Shape]
    {
      let part = Shape(zip(shape.dims, dims).map { min($0, $1) })
      outputs[name] = try (x.squared() + x).sum(to: part)
    }
    for (name, tensor) in outputs {
      for (other, partner) in outputs where other != name {
        let run = try fixture.run([name: tensor, other: partner])
        #expect(distance(run[name]!, fixture.reference([tensor])[0]) < 1e-6, "\(name) with \(other)")
      }
    }
  }

  @Test(arguments: [[2, 3, 4, 4], [1, 1, 1, 1]])
  func `roots and reciprocals at zero are zero, on rows and on single numbers`(dims: [Int]) throws {
    let graph = Graph()
    let x = try graph.add(Input(name: "x", shape: Shape(dims)))
    let root = try x.squareRoot()
    let slope = try gradients(of: root.total(), wrt: [x])[0]
    let plan = try Plan(outputs: ["root": root, "reciprocal": x.reciprocal(), "slope": slope])
    let executor = Executor(plan, inputs: ["x": FloatBuffer(count: x.shape.count)], lanes: Lanes(count: 1))
    executor.run()
    for name in ["root", "reciprocal", "slope"] { #expect(executor.output(name).allSatisfy { $0 == 0 }, "\(name)") }
  }
}

/// What the plan of one random graph computes.
private func bits(_ seed: UInt64) throws -> [String: [UInt32]] {
  let random = try RandomGraph(seed: seed)
  let plan = try Plan(outputs: random.outputs, passes: Pass.all)
  let executor = Executor(plan, inputs: random.fixture.feed.mapValues { FloatBuffer($0.map { Float($0) }) }, lanes: Lanes(count: 1))
  executor.run()
  return Dictionary(uniqueKeysWithValues: random.outputs.keys.map { ($0, executor.output($0).map(\.bitPattern)) })
}

/// Whether the plan of one random graph computes its definition, the same bits on one to four lanes, and leaves its inputs alone.
private func check(_ seed: UInt64) throws {
  let random = try RandomGraph(seed: seed)
  let plan = try Plan(outputs: random.outputs, passes: seed % 4 == 3 ? [] : Pass.all)
  let inputs = random.fixture.feed.mapValues { FloatBuffer($0.map { Float($0) }) }
  var first: [String: [Float]] = [:]
  for lanes in 1...4 {
    let arena = FloatBuffer([Float](repeating: .nan, count: plan.arenaCount))  // whoever reads before writing is found out
    let executor = Executor(plan, inputs: inputs, lanes: Lanes(count: lanes), arena: arena)
    executor.run()
    let results = Dictionary(uniqueKeysWithValues: random.outputs.keys.map { ($0, Array(executor.output($0))) })
    if lanes == 1 { first = results } else { #expect(results == first, "\(lanes) lanes") }
  }
  for (name, expected) in random.reference() {
    let found = first[name]!
    let error = zip(found, expected.values).reduce(0) { $0 + (Double($1.0) - $1.1) * (Double($1.0) - $1.1) }.squareRoot()
    #expect(
      found.count == expected.values.count && error <= expected.slack, "\(name): off by \(error), allowed \(expected.slack)")
  }
  for (name, values) in random.fixture.feed {
    #expect(inputs[name]!.values == values.map { Float($0) }, "\(name) was written to")
  }
}
