import Basics
import Graph

/// A seeded random graph of elementwise functions, repetitions and sums over one space of four axes, with subexpressions that
/// several results share.
///
/// Each function is smooth where it is applied, or is applied to numbers that are exact in Float; so the rounding of a plan
/// cannot turn into a difference of order one, and a difference of order one is a fault.
struct RandomGraph {
  /// Extents that reach every kind of tile: primes, one channel, more rows than pixels, single pixels, several tiles of a row.
  private static let spaces: [(full: Shape, weight: Int)] = [
    ([3, 5, 7, 11], 8), ([2, 1, 4, 4], 8), ([8, 17, 1, 1], 8), ([1, 3, 9, 1], 4), ([5, 1, 1, 7], 4), ([4, 6, 2, 8], 6),
    ([1, 129, 4, 4], 3), ([1, 1, 37, 37], 2), ([2, 2, 40, 40], 1),
  ]

  private(set) var fixture = Fixture()
  private(set) var outputs: [String: Tensor] = [:]
  private var stream: RandomStream
  private let full: Shape
  private var pool: [Tensor] = []
  /// Inputs and repetitions of them.
  private var exact: [Tensor] = []
  private var inputs: [Tensor] = []

  init(seed: UInt64) throws {
    stream = RandomStream(seed: seed, name: "random graph")
    let tickets = Self.spaces.flatMap { Array(repeating: $0.full, count: $0.weight) }
    full = tickets[stream.below(tickets.count)]
    for i in 0..<2 + stream.below(4) {
      let input = try fixture.input("x\(i)", part(of: full), seed: seed &* 31 &+ UInt64(i))
      inputs.append(input)
      exact.append(input)
    }
    pool = inputs
    for _ in 0..<3 + stream.below(full.count > 2000 ? 6 : 14) { pool.append(try step()) }
    outputs["last"] = pool.last!
    for i in 0..<stream.below(4) { outputs["inner\(i)"] = pick(pool) }
    if stream.below(3) == 0 {
      let value = try pool.last!.squared().average()
      for (i, gradient) in try gradients(of: value, wrt: inputs).enumerated() { outputs["gradient\(i)"] = gradient }
    }
  }

  private mutating func pick(_ tensors: [Tensor]) -> Tensor {
    // Twice out of three from the newest, so that chains grow deep.
    stream.below(3) == 0 ? tensors[stream.below(tensors.count)] : tensors[max(0, tensors.count - 1 - stream.below(3))]
  }

  /// `shape` with some of its axes reduced to 1.
  private mutating func part(of shape: Shape) -> Shape {
    let mask = [15, 15, 15, 7, 11, 13, 14, 3, 4, 8, 2, 1, 0, 12, 9, 5][stream.below(16)]
    return Shape(shape.dims.enumerated().map { mask >> $0.offset & 1 == 1 ? $0.element : 1 })
  }

  private mutating func step() throws -> Tensor {
    let x = pick(pool)
    switch stream.below(14) {
    case 0: return try x + pick(pool)
    case 1: return try x - pick(pool)
    case 2, 3: return try x * pick(pool)
    case 4: return try x.scaled(by: [-1, 0.5, 1.25, 3][stream.below(4)])
    case 5: return try x + [0.25, -0.5, 1][stream.below(3)]
    case 6: return try (x.squared() + 0.5).squareRoot()
    case 7: return try (x.squared() + 0.5).reciprocal()
    case 8: return try x.mapped([.sigmoid, .tanh, .softplus][stream.below(3)])
    case 9: return try x.mapped(.leakyReLU(0.2)) * pick(exact).mapped(.slope(0.2))
    case 10, 11:
      let shape = part(of: x.shape)
      let factor = Double(shape.count) / Double(x.shape.count)
      return try x.sum(to: shape).scaled(by: stream.below(2) == 0 ? factor : factor.squareRoot())
    case 12:
      let mask = part(of: full)
      let larger = Shape(zip(x.shape.dims, mask.dims).map { max($0, $1) })
      let repeated = try x.broadcast(to: larger)
      if exact.contains(where: { $0.id == x.id }) { exact.append(repeated) }
      return repeated
    default: return try throughAnotherShape(x)
    }
  }

  /// A norm over axes that are only together in another shape, as the minibatch deviation has it.
  private mutating func throughAnotherShape(_ x: Tensor) throws -> Tensor {
    let shape = x.shape
    let other: Shape = [[1, shape[0], shape[1], shape[2] * shape[3]], [shape[0] * shape[1], 1, shape[2], shape[3]]][stream.below(2)]
    let flat = try x.reshaped(other)
    let norm = try (flat.squared().mean(to: part(of: other)) + 0.5).squareRoot()
    return try (flat * norm.reciprocal()).reshaped(shape)
  }
}

extension RandomGraph {
  /// The definitions' values, and how far each tensor moves (in the Euclidean norm) when every node's numbers are disturbed by
  /// a few of Float's rounding errors: what rounding may do to a plan.
  func reference() -> [String: (values: [Double], slack: Double)] {
    let names = outputs.keys.sorted()
    let tensors = names.map { outputs[$0]! }
    let (values, disturbed) = (evaluate(tensors, noise: 0), evaluate(tensors, noise: 8 * 0x1p-24))
    var result: [String: (values: [Double], slack: Double)] = [:]
    for (index, name) in names.enumerated() {
      let moved = zip(values[index], disturbed[index]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
      let norm = values[index].reduce(0) { $0 + $1 * $1 }.squareRoot()
      result[name] = (values[index], 8 * moved + 1e-6 * norm + 1e-30)
    }
    return result
  }

  private func evaluate(_ tensors: [Tensor], noise: Double) -> [[Double]] {
    let graph = fixture.graph
    let live = graph.live(from: tensors.map(\.id))
    var known: [Int: Values] = [:]
    var state: UInt64 = 1
    for (id, node) in graph.nodes.enumerated() where live[id] {
      if let input = node.op as? Input {
        known[id] = Values(node.shape, fixture.feed[input.name]!)
        continue
      }
      var data = node.op.reference(node.inputs.map { known[$0]! }, node.shape)
      let isTanh = (node.op as? Map)?.function == .tanh
      if noise > 0, node.op is Map || node.op is SumTo {
        for i in data.indices {
          state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          let error = noise * (Double(state >> 40) * 0x1p-23 - 1)
          // The plans' hyperbolic tangent is a difference from 1: near zero its error is absolute.
          data[i] += isTanh ? error : error * data[i]
        }
      }
      known[id] = Values(node.shape, data)
    }
    return tensors.map { known[$0.id]!.data }
  }
}
