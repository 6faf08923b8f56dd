import Basics
import Graph
import Kernels
import Testing

@Suite struct AffineTests {
  /// Coordinates that stay as they are, shift by whole and half pixels, mirror, turn, enlarge, and leave the image altogether.
  private static let coordinates: [[Double]] = [
    [1, 0, 0, 0, 1, 0], [1, 0, -2, 0, 1, 3], [1, 0, 0.5, 0, 1, -0.25], [1, 0, 0, 0, -1, 6], [0.8, 0.6, -1.5, -0.6, 0.8, 2.25],
    [0.5, 0, 1.5, 0, 0.25, 2], [3, 0, -5, 0, 2, -4], [1, 0, 100, 0, 1, -70.5],
  ]
  private static let shape: Shape = [8, 3, 5, 7]

  private func feed(_ op: AffineSample) throws -> (fixture: Fixture, x: Tensor, y: Tensor) {
    var fixture = Fixture()
    let x = try fixture.input("x", Self.shape, seed: 1)
    let m = try fixture.graph.add(Input(name: "m", shape: [8, 1, 1, 6]))
    fixture.feed["m"] = Self.coordinates.flatMap { $0 }
    return (fixture, x, try x.apply(op, m))
  }

  static let ops = AffineSample.Border.allCases.flatMap { border in
    [false, true].map { AffineSample(border: border, isTransposed: $0) }
  }

  @Test(arguments: ops) func `a plan computes the reference`(op: AffineSample) throws {
    let (fixture, _, y) = try feed(op)
    for lanes in 1...3 {
      let seen = try fixture.run(["y": y], lanes: lanes)["y"]!
      #expect(distance(seen, fixture.reference([y])[0]) < 1e-6)
    }
  }

  @Test(arguments: AffineSample.Border.allCases) func `the transpose is the transpose`(border: AffineSample.Border) {
    let (x, y) = (numbers(Self.shape.count, seed: 1), numbers(Self.shape.count, seed: 2))
    let m = Values([8, 1, 1, 6], Self.coordinates.flatMap { $0 })
    let forward = AffineSample(border: border).reference([Values(Self.shape, x), m], Self.shape)
    let backward = AffineSample(border: border, isTransposed: true).reference([Values(Self.shape, y), m], Self.shape)
    #expect(abs(zip(forward, y).reduce(0) { $0 + $1.0 * $1.1 } - zip(x, backward).reduce(0) { $0 + $1.0 * $1.1 }) < 1e-11)
  }

  @Test func `where nothing moves images stay as they are, and derivatives are right to second order`() throws {
    let (fixture, x, y) = try feed(AffineSample(border: .reflect))
    let count = Self.shape.count / 8
    let seen = try fixture.run(["y": y])["y"]!
    #expect(Array(seen[..<count]) == fixture.feed["x"]![..<count].map { Float($0) })
    let value = try (y.squared() * y).total()
    let first = try gradients(of: value, wrt: [x])[0]
    let length = try first.squared().total()
    let second = try gradients(of: length, wrt: [x])[0]
    for (value, derivative) in [(value, first), (length, second)] {
      #expect(worstDifference(fixture, value, derivative, input: "x") < 1e-6)
    }
  }
}
