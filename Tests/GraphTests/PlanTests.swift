import Graph
import Kernels
import Testing

/// A small critic with everything that makes plans hard: padding, pixel norm, pooling, a minibatch statistic, a penalty on the
/// gradient's norm.
struct Critic {
  var fixture = Fixture()
  let image: Tensor
  let weights: [Tensor]
  let loss: Tensor

  init(batch: Int = 3, side: Int = 8, channels: Int = 5) throws {
    image = try fixture.input("image", [batch, 3, side, side], seed: 1)
    let w1 = try fixture.input("w1", [channels, 3, 3, 3], seed: 2)
    let b1 = try fixture.input("b1", [channels], seed: 3)
    let w2 = try fixture.input("w2", [channels + 2, channels + 1, 3, 3], seed: 4)
    let w3 = try fixture.input("w3", [1, channels + 2, side / 2, side / 2], seed: 5)
    weights = [w1, b1, w2, w3]
    func convolve(_ x: Tensor, _ w: Tensor, padding: Int, _ border: Border) throws -> Tensor {
      let extents = ConvolutionShape(
        batch: batch, inputs: x.shape[1], outputs: w.shape[0], height: x.shape[2], width: x.shape[3], filterHeight: w.shape[2],
        filterWidth: w.shape[3], padding: padding, border: border)
      return try x.graph.add(Convolution(extents), [x, w])
    }
    func normalize(_ x: Tensor) throws -> Tensor {
      let norm = try x.squared().mean(to: x.shape.replacing(1, with: 1)).squareRoot() + 1e-3
      return try (x * norm.reciprocal()).mapped(.leakyReLU(0.2))
    }
    var x = try normalize(try convolve(image, w1, padding: 1, .reflect).scaled(by: 0.7) + b1.reshaped([1, channels, 1, 1]))
    x = try x.apply(SumPool()).scaled(by: 0.25)
    let mean = try x.mean(to: x.shape.replacing(0, with: 1))
    let spread = try ((x - mean).squared().sum(to: mean.shape).scaled(by: 1 / Double(batch - 1)).squareRoot()).average()
    let map = try spread.broadcast(to: x.shape.replacing(1, with: 1))
    x = try x.graph.add(Concatenate(axis: 1), [x, map])
    x = try normalize(try convolve(x, w2, padding: 1, .zeros))
    let scores = try convolve(x, w3, padding: 0, .zeros)
    let slope = try gradients(of: try scores.total(), wrt: [image])[0]
    let norm = try slope.squared().sum(to: [batch, 1, 1, 1]).squareRoot()
    loss = try (norm + -1).squared().average().scaled(by: 10) + scores.average()
  }
}

@Suite struct PlanTests {
  @Test func `the penalty matches difference quotients to second order`() throws {
    let critic = try Critic(batch: 2, side: 4, channels: 3)
    let first = try gradients(of: critic.loss, wrt: critic.weights)
    for (weight, gradient) in zip(critic.weights, first) {
      let name = (weight.op as! Input).name
      #expect(worstDifference(critic.fixture, critic.loss, gradient, input: name, every: 5) < 1e-5, "\(name)")
    }
    let length = try first[0].squared().total()
    let second = try gradients(of: length, wrt: [critic.weights[2]])[0]
    #expect(worstDifference(critic.fixture, length, second, input: "w2", every: 11) < 1e-4)
  }

  @Test(arguments: 0...Pass.all.count)
  func `a plan computes its graph's definition, with and without each pass`(passCount: Int) throws {
    let critic = try Critic(batch: 5, side: 8, channels: 7)
    let wanted = [critic.loss] + (try gradients(of: critic.loss, wrt: critic.weights))
    let names = wanted.indices.map { "out\($0)" }
    let run = try critic.fixture.run(
      Dictionary(uniqueKeysWithValues: zip(names, wanted)), passes: Array(Pass.all.prefix(passCount)))
    for (name, expected) in zip(names, critic.fixture.reference(wanted)) {
      // Float32 through a dozen layers and two derivatives.
      #expect(distance(run[name]!, expected) < 2e-4, "\(name)")
    }
  }

  @Test func `any number of lanes gives the same bits`() throws {
    let critic = try Critic(batch: 4, side: 16, channels: 11)
    let wanted = [critic.loss] + (try gradients(of: critic.loss, wrt: critic.weights))
    let outputs = Dictionary(uniqueKeysWithValues: wanted.enumerated().map { ("out\($0)", $1) })
    let one = try critic.fixture.run(outputs, lanes: 1)
    for lanes in 2...4 { #expect(try critic.fixture.run(outputs, lanes: lanes) == one, "\(lanes) lanes") }
  }

  @Test func `upsampling is folded into all three slots`() throws {
    var fixture = Fixture()
    let (x, w) = (try fixture.input("x", [2, 3, 4, 6], seed: 1), try fixture.input("w", [5, 3, 3, 3], seed: 2))
    let extents = ConvolutionShape(
      batch: 2, inputs: 3, outputs: 5, height: 8, width: 12, filterHeight: 3, filterWidth: 3, padding: 1, border: .reflect)
    let y = try fixture.graph.add(Convolution(extents), [x.apply(UpsampleNearest()), w])
    let parts = try gradients(of: try y.squared().total(), wrt: [x, w])
    let outputs = ["y": y, "x": parts[0], "w": parts[1]]
    let plan = try Plan(outputs: outputs)
    // The one elementwise program squares `y` and scales its cotangent. Upsampling would be others.
    let families = plan.steps.map(\.kernel.family)
    #expect(families == ["convolution.columns", "elementwise", "convolution.columns", "convolution.columns"])
    #expect(try Plan(outputs: outputs, passes: []).steps.map(\.kernel.family) != families)
    let run = try fixture.run(outputs)
    for (name, expected) in zip(["y", "x", "w"], fixture.reference([y] + parts)) {
      #expect(distance(run[name]!, expected) < 1e-5, "\(name)")
    }
  }

  @Test(arguments: [[3, 5, 4, 6], [2, 130, 2, 2], [2, 3, 40, 520]])
  func `upsampling, pixel norm and pooling are one tile program`(extents: [Int]) throws {
    var fixture = Fixture()
    let (n, c, h, w) = (extents[0], extents[1], extents[2], extents[3])
    let (small, large) = (try fixture.input("s", [n, c, h / 2, w / 2], seed: 1), try fixture.input("l", Shape(extents), seed: 2))
    let x = try small.apply(UpsampleNearest()) * large
    let norm = try x.squared().mean(to: [n, 1, h, w]).squareRoot() + 1e-3
    let y = try (x * norm.reciprocal()).mapped(.leakyReLU(0.2)).apply(SumPool())
    #expect(try Plan(outputs: ["y": y]).steps.count == 1)
    #expect(distance(try fixture.run(["y": y])["y"]!, fixture.reference([y])[0]) < 1e-6)
  }

  @Test func `a layer's forward pass is one tile program`() throws {
    var fixture = Fixture()
    let (x, b) = (try fixture.input("x", [2, 3, 8, 8], seed: 1), try fixture.input("b", [1, 3, 1, 1], seed: 2))
    let biased = try x + b
    let norm = try biased.squared().mean(to: [2, 1, 8, 8]).squareRoot() + 1e-7
    let y = try (biased * norm.reciprocal()).mapped(.leakyReLU(0.2))
    let plan = try Plan(outputs: ["y": y])
    #expect(plan.steps.count == 1)
    #expect(distance(try fixture.run(["y": y])["y"]!, fixture.reference([y])[0]) < 1e-6)
  }
}
