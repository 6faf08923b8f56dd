import Basics
import Foundation
import Graph
import Kernels
import Testing

/// Every linear op with an operand of unequal, prime extents.
let linearCases: [(any LinearOp, Shape)] = [
  (SumTo(to: [3, 1, 5, 7]), [3, 2, 5, 7]), (SumTo(to: [1, 2, 1, 1]), [3, 2, 5, 7]), (SumTo(to: [1, 1, 1, 1]), [3, 2, 5, 7]),
  (SumTo(to: [1, 2, 5, 7]), [3, 2, 5, 7]), (SumTo(to: [3, 1, 5, 1]), [3, 2, 5, 7]), (SumTo(to: [3, 1, 1, 1]), [3, 2, 5, 7]),
  (SumTo(to: [1, 1, 5, 7]), [3, 2, 5, 7]), (SumTo(to: [1, 11, 1, 1]), [7, 11, 1, 1]), (SumTo(to: [1, 3]), [5, 3]),
  (BroadcastTo(to: [3, 2, 5, 7]), [3, 1, 5, 7]), (BroadcastTo(to: [3, 2, 5, 7]), [1, 2, 1, 1]),
  (BroadcastTo(to: [3, 2, 5, 7]), [1, 1, 1, 1]), (BroadcastTo(to: [3, 2, 5, 7]), [3, 1, 5, 1]),
  (Reshape(to: [6, 35]), [3, 2, 5, 7]), (Slice(axis: 1, range: 1..<3), [3, 5, 2, 7]), (Slice(axis: 0, range: 1..<3), [5, 2, 3, 7]),
  (Embed(axis: 1, start: 2, extent: 5), [3, 2, 5, 7]), (Embed(axis: 0, start: 1, extent: 4), [3, 2, 5, 7]),
  (UpsampleNearest(), [3, 2, 5, 7]), (SumPool(), [3, 2, 10, 14]),
  (UpsampleNearest(), [1, 1, 1, 1]), (UpsampleNearest(), [2, 17, 4, 4]), (UpsampleNearest(), [1, 3, 130, 131]),
  (SumPool(), [1, 1, 2, 2]), (SumPool(), [2, 17, 4, 4]), (SumPool(), [2, 3, 64, 262]),
  (Permute(axes: [0, 2, 1]), [3, 5, 7]), (Permute(axes: [1, 0, 2, 3]), [3, 2, 5, 7]), (Permute(axes: [3, 1, 0, 2]), [3, 2, 5, 7]),
  (Permute(axes: [0, 1, 3, 5, 2, 4]), [3, 2, 5, 2, 17, 2]), (Permute(axes: [0, 1, 4, 2, 5, 3]), [3, 2, 3, 3, 5, 7]),
  (Permute(axes: [2, 0, 1]), [1, 5, 1]), (Permute(axes: [1, 0]), [67, 131]),
]

@Suite struct OpLawTests {
  @Test(arguments: linearCases.indices)
  func `a linear op and its transpose agree: <Lx, y> = <x, L'y>`(index: Int) throws {
    func check<L: LinearOp>(_ op: L, _ shape: Shape) throws {
      let result = try op.shape([shape])
      let (x, y) = (numbers(shape.count, seed: 1), numbers(result.count, seed: 2))
      let forward = op.reference([Values(shape, x)], result)
      let backward = op.transpose(of: shape).reference([Values(result, y)], shape)
      let (left, right) = (zip(forward, y).reduce(0) { $0 + $1.0 * $1.1 }, zip(x, backward).reduce(0) { $0 + $1.0 * $1.1 })
      #expect(abs(left - right) <= 1e-12 * Double(result.count + shape.count), "\(op)")
    }
    let (op, shape) = linearCases[index]
    try check(op, shape)
  }

  @Test(arguments: linearCases.indices)
  func `a linear op in a plan computes its reference`(index: Int) throws {
    let (op, shape) = linearCases[index]
    var fixture = Fixture()
    let x = try fixture.input("x", shape, seed: 3)
    func apply<L: LinearOp>(_ op: L) throws -> Tensor { try x.apply(op) }
    let y = try apply(op)
    #expect(distance(try fixture.run(["y": y])["y"]!, fixture.reference([y])[0]) < 1e-6, "\(op)")
  }

  static let functions: [Map.Function] = [
    .add, .subtract, .multiply, .scale(-1.5), .offset(0.25), .squareRoot, .reciprocal, .sigmoid, .tanh, .leakyReLU(0.2),
    .slope(0.2), .exponential, .logarithm, .softplus,
  ]

  @Test(arguments: functions)
  func `a map's derivatives match difference quotients to second order`(function: Map.Function) throws {
    var fixture = Fixture()
    // Roots, reciprocals and logarithms stay away from zero; rectifiers have kinks there only.
    let x = try (0..<function.operandCount).map { try fixture.input("x\($0)", [7], seed: UInt64($0), offset: 2) }
    let y = try fixture.graph.add(Map(function), x)
    let value = try (y.squared() * y).sum(to: [1])
    let first = try gradients(of: value, wrt: [x[0]])[0]
    let length = try first.squared().sum(to: [1])
    let second = try gradients(of: length, wrt: [x[0]])[0]
    for (value, derivative) in [(value, first), (length, second)] {
      #expect(worstDifference(fixture, value, derivative, input: "x0") < 1e-6, "\(function)")
    }
  }

  @Test(arguments: functions)
  func `a map in a plan computes its reference, on rows and on scalars`(function: Map.Function) throws {
    let isPositive = [.squareRoot, .reciprocal, .logarithm].contains(function)
    for shape: Shape in [[3, 5, 7, 11], [1, 1, 1, 1], [2, 3, 16, 16]] {
      var fixture = Fixture()
      let x = try (0..<function.operandCount).map {
        try fixture.input("x\($0)", shape, seed: UInt64($0 + 5), offset: isPositive ? 2 : 0)
      }
      let y = try fixture.graph.add(Map(function), x)
      #expect(distance(try fixture.run(["y": y])["y"]!, fixture.reference([y])[0]) < 1e-6, "\(function) \(shape)")
    }
  }

  @Test(arguments: [Border.zeros, .reflect], [(1, 1), (2, 1), (1, 3), (2, 2)])
  func `the three slots of a convolution are one form, and plans compute each`(border: Border, form: (Int, Int)) throws {
    let (upsampling, groups) = form
    let extents = ConvolutionShape(
      batch: 3, inputs: 5, outputs: 7, height: 4, width: 6, filterHeight: 3, filterWidth: 3, padding: 1, border: border,
      upsampling: upsampling, groups: groups)
    var fixture = Fixture()
    let slots = [
      try fixture.input("image", [groups * 3, 5, 4, 6], seed: 1), try fixture.input("filter", [groups * 7, 5, 3, 3], seed: 2),
      try fixture.input("output", [groups * 3, 7, 4 * upsampling, 6 * upsampling], seed: 3),
    ]
    var forms: [Double] = []
    for slot in Slot.allCases {
      var operands = slots
      let own = operands.remove(at: slot.rawValue)
      let part = try fixture.graph.add(Convolution(extents, result: slot), operands)
      forms.append(fixture.reference([try (part * own).total()])[0][0])
      #expect(distance(try fixture.run(["y": part])["y"]!, fixture.reference([part])[0]) < 1e-5)
    }
    #expect(abs(forms[0] - forms[1]) < 1e-9 && abs(forms[0] - forms[2]) < 1e-9)
  }

  @Test(arguments: [[2, 1, 5, 7], [3, 2, 1, 1], [1, 1, 1, 1], [3, 2, 5, 1], [1, 2, 5, 1], [3, 2, 5, 7]])
  func `maxima in a plan are their reference, and have no derivative`(dims: [Int]) throws {
    var fixture = Fixture()
    let x = try fixture.input("x", [3, 2, 5, 7], seed: 1)
    let target = Shape(zip(dims, x.shape.dims).map { $0 == $1 ? $0 : 1 })
    let y = try x.apply(MaxTo(to: target))
    #expect(distance(try fixture.run(["y": y])["y"]!, fixture.reference([y])[0]) == 0)
    #expect(fixture.reference(try gradients(of: y.total(), wrt: [x]))[0].allSatisfy { $0 == 0 })
    #expect(throws: ShapeError.self) { try x.apply(MaxTo(to: [3, 2, 4, 1])) }
  }

  @Test func `a literal is its numbers`() throws {
    var fixture = Fixture()
    let x = try fixture.input("x", [2, 3], seed: 1)
    let y = try x * fixture.graph.add(Literal([2, 3], [1, -2, 0.5, 0, 8, 3]))
    #expect(distance(try fixture.run(["y": y])["y"]!, fixture.reference([y])[0]) < 1e-7)
    #expect(fixture.reference(try gradients(of: y.total(), wrt: [x]))[0] == [1, -2, 0.5, 0, 8, 3])
    #expect(throws: ShapeError.self) { try fixture.graph.add(Literal([2, 3], [1])) }
  }

  @Test func `orders of axes join, and one that is undone is gone`() throws {
    var fixture = Fixture()
    let x = try fixture.input("x", [2, 3, 5], seed: 1)
    let y = try x.permuted([1, 2, 0]).permuted([1, 2, 0]), same = try y.permuted([1, 2, 0])
    let plan = try Plan(outputs: ["y": y, "same": same])
    #expect(plan.steps.count == 1)
    #expect(plan.outputs["same"]!.place == .input("x", 0))
    #expect(distance(try fixture.run(["y": y])["y"]!, fixture.reference([y])[0]) == 0)
    for axes in [[0, 1], [0, 1, 1], [0, 1, 3]] {
      #expect(throws: ShapeError.self) { try x.permuted(axes) }
    }
  }

  @Test func `exponentials, logarithms and softplus keep their limits`() throws {
    let graph = Graph()
    let numbers: [Float] = [
      0, -1, 1, 0x1p-100, 3e38, .infinity, -.infinity, -100, 100, -0.0, 1e-3, -20, 20, 0.99999994, 1.0000001, -87, 87,
    ]
    let x = try graph.add(Input(name: "x", shape: [numbers.count]))
    let names: [(String, Map.Function)] = [("exponential", .exponential), ("logarithm", .logarithm), ("softplus", .softplus)]
    let plan = try Plan(outputs: Dictionary(uniqueKeysWithValues: names.map { ($0, try x.mapped($1)) }))
    let executor = Executor(plan, inputs: ["x": FloatBuffer(numbers)], lanes: Lanes(count: 1))
    executor.run()
    for (name, function) in names {
      for (x, y) in zip(numbers, executor.output(name)) {
        let wanted = Float(function.value(name == "exponential" ? min(max(Double(x), -87), 87) : Double(x), 0))
        if wanted.isNaN {
          #expect(y.isNaN, "\(name) of \(x)")
        } else {
          // e^-87 is the smallest power there is.
          #expect(y == wanted || abs(y - wanted) <= 3e-7 * abs(wanted) + 2e-38, "\(name) of \(x)")
        }
      }
    }
  }

  @Test func `concatenation splits its cotangent`() throws {
    var fixture = Fixture()
    let (a, b) = (try fixture.input("a", [2, 3, 5, 1], seed: 1), try fixture.input("b", [2, 4, 5, 1], seed: 2))
    let y = try fixture.graph.add(Concatenate(axis: 1), [a, b])
    let weight = try fixture.input("w", y.shape, seed: 3)
    let parts = try gradients(of: try (y * weight).total(), wrt: [a, b])
    let run = try fixture.run(["y": y, "a": parts[0], "b": parts[1]])
    let expected = fixture.reference([y] + parts)
    #expect(distance(run["y"]!, expected[0]) == 0 && distance(run["a"]!, expected[1]) == 0 && distance(run["b"]!, expected[2]) == 0)
  }
}

extension OpLawTests {
  @Test func `nothing is differentiated through what is detached, and a plan computes it`() throws {
    var fixture = Fixture()
    let x = try fixture.input("x", [2, 3, 5, 1], seed: 1)
    let factor = try (x * x).detached()
    let y = try x * factor
    let slope = try gradients(of: try y.total(), wrt: [x])[0]
    let run = try fixture.run(["y": y, "slope": slope, "factor": factor])
    let expected = fixture.reference([y, try x * x, slope])
    #expect(expected[1] == expected[2])
    #expect(distance(run["y"]!, expected[0]) < 1e-6 && distance(run["slope"]!, expected[1]) < 1e-6)
    #expect(distance(run["factor"]!, expected[1]) < 1e-6)
  }
}

extension OpLawTests {
  /// Ops with laws of their own, above and in `AffineTests`.
  private static let others: [Any.Type] = [
    Map.self, Convolution.self, Concatenate.self, MaxTo.self, Literal.self, Detach.self, AffineSample.self,
  ]

  @Test func `every op of the folder has a law`() throws {
    let tested = Set(linearCases.map { "\(type(of: $0.0))" } + Self.others.map { "\($0)" })
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Sources/Graph/Ops")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).map { $0.replacing(".swift", with: "") }
    // Leaves have no operands, and the two others are what kinds of ops have in common.
    #expect(tested == Set(files).subtracting(["Leaves", "Linear", "Trilinear"]))
  }
}

/// The largest difference between `derivative` and central difference quotients of `value`, relative to the largest derivative.
func worstDifference(_ fixture: Fixture, _ value: Tensor, _ derivative: Tensor, input: String, every step: Int = 1) -> Double {
  let analytic = fixture.reference([derivative])[0]
  let scale = max(analytic.map(abs).max()!, 1e-12)
  var fixture = fixture
  var worst = 0.0
  for i in stride(from: 0, to: analytic.count, by: step) {
    let (kept, h) = (fixture.feed[input]![i], 1e-5)
    fixture.feed[input]![i] = kept + h
    let above = fixture.reference([value])[0][0]
    fixture.feed[input]![i] = kept - h
    let below = fixture.reference([value])[0][0]
    fixture.feed[input]![i] = kept
    worst = max(worst, abs((above - below) / (2 * h) - analytic[i]) / scale)
  }
  return worst
}
