import Basics
import Foundation
import Graph
@testable import Models
import Spec
import Testing
import Training

@Suite struct NetworkTests {
  /// The repository's folder.
  private let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  @Test func `the icon experiment has its two and six million parameters`() throws {
    let path = repository.appending(path: "experiments/mel-icon.yaml").path
    let spec = try ExperimentSpec.read(path: path, language: .experiments, checkingFiles: false)
    #expect(Networks(spec).variables(of: .generator).reduce(0) { $0 + $1.shape.count } == 2_361_713)
    #expect(Networks(spec).variables(of: .discriminator).reduce(0) { $0 + $1.shape.count } == 6_562_497)
  }

  @Test(arguments: [Recipe.icon, .original])
  func `parameters have names of their own, and a level's are among them`(recipe: Recipe) throws {
    let spec = try recipe.spec(widths: [6, 5, 4], latent: 7, top: 8, batch: 4)
    let networks = Networks(spec)
    #expect(Set(networks.variables.map(\.key)).count == networks.variables.count)
    for network in NetworkRole.allCases {
      let all = networks.variables(of: network)
      for level in 0...2 {
        let (fading, holding) = (
          networks.variables(of: network, level: level, fading: true), networks.variables(of: network, level: level, fading: false)
        )
        #expect(Set(holding).isSubset(of: fading) && Set(fading).isSubset(of: all))
        // The layer that reads or writes RGB below, its weight and bias.
        #expect(fading.count - holding.count == (level == 0 ? 0 : 2))
        #expect(
          networks.variables(of: network, through: level)
            == Array(all.filter(networks.variables(of: network, through: level).contains)))
      }
    }
  }

  @Test func `everything that is kept beside a weight has its shape`() throws {
    let spec = try Recipe.original.spec(widths: [6, 5], latent: 7, top: 8, batch: 4)
    let all = Networks(spec).variables
    let weights = all.filter { $0.role == .weight }
    for (network, kept) in [(NetworkRole.generator, 4), (.discriminator, 3)] {
      let (mine, own) = (all.filter { $0.network == network }, weights.filter { $0.network == network })
      #expect(mine.count == kept * own.count && mine.allSatisfy { variable in own.contains { $0.shape == variable.shape } })
    }
    #expect(all.map(\.key).contains("moment1.discriminator.head.bias") && all.map(\.key).contains("average.to_rgb.1.weight"))
  }

  @Test(arguments: [Recipe.icon, .original])
  func `fresh weights have the deviation that their recipe asks for`(recipe: Recipe) throws {
    let spec = try recipe.spec(widths: [40, 32], latent: 48, top: 40, batch: 4)
    for parameter in NetworkRole.allCases.flatMap({ Networks(spec).variables(of: $0) }) where parameter.shape.count > 3000 {
      let values = parameter.initialValues(seed: 1).map { Double($0) }
      let deviation = (values.reduce(0) { $0 + $1 * $1 } / Double(values.count)).squareRoot()
      let fanIn = Double(parameter.shape.count / parameter.shape[0])
      // The deviation of n draws is off by about 1 / sqrt(2 n).
      #expect(
        abs(deviation / (recipe == .original ? 1 : (2 / fanIn).squareRoot()) - 1) < 4 / (2 * Double(values.count)).squareRoot())
    }
  }

  /// The whole loss of the real discriminator, in Double and against difference quotients.
  @Test(arguments: [(Recipe.icon, 1), (.original, 1), (.icon, 0)])
  func `the discriminator's loss has the derivatives of its definition`(recipe: Recipe, level: Int) throws {
    var spec = try recipe.spec(widths: [5, 3], latent: 4, top: 4, batch: recipe == .original ? 4 : 3)
    let batch = spec.schedule.batch
    if let index = spec.loss.discriminator.firstIndex(where: { $0.key == "gradient_penalty" }) {
      spec.loss.discriminator[index] = Choice(GradientPenalty.self, .init(target: 1))
    }
    let discriminator = Discriminator(spec.discriminator)
    let (graph, side) = (Graph(), 4 << level)
    var feed: [String: [Double]] = [:]
    var stream = RandomStream(seed: 3, name: "difference quotients")
    for weight in Networks(spec).variables(of: .discriminator) {
      let draw = weight.initialValues(seed: 5).map { Double($0) }
      feed[weight.key] = draw.map { $0 + 0.05 * stream.uniform(in: -1...1) }
    }
    feed["mix"] = (0..<batch).map { _ in stream.uniform() }
    for name in ["real", "generated"] { feed[name] = (0..<batch * 3 * side * side).map { _ in stream.uniform() } }
    feed["alpha"] = [0.4]
    let scope = Scope(graph: graph, network: .discriminator)
    let alpha = level == 0 ? nil : try graph.add(Input(name: "alpha", shape: .scalar))
    let images = try ["real", "generated"].map { try graph.add(Input(name: $0, shape: [batch, 3, side, side])) }
    let context = DiscriminatorContext(scope, images) { (images, scope) throws(ShapeError) in
      try discriminator(images, level: level, alpha: alpha, in: scope)
    }
    var loss = try graph.add(Constant(shape: .scalar, value: 0))
    for choice in spec.loss.discriminator {
      let term: any DiscriminatorTerm = choice.make()
      loss = try loss + term.value(context)
    }
    let weights = scope.weights.tensors
    let first = try gradients(of: loss, wrt: weights)
    for (weight, gradient) in zip(weights, first) {
      try compare(loss, gradient, (weight.op as! Input).name, feed, every: level == 0 ? 17 : 41)
    }
    // A second derivative: of the slope's length along one layer, with respect to another.
    let length = try first[0].squared().total()
    let last = weights.firstIndex { ($0.op as! Input).name == "discriminator.blocks.0.conv2.weight" }!
    try compare(
      length, gradients(of: length, wrt: [weights[last]])[0], "discriminator.blocks.0.conv2.weight", feed,
      every: level == 0 ? 61 : 127)
  }

  private func compare(_ value: Tensor, _ derivative: Tensor, _ input: String, _ feed: [String: [Double]], every step: Int) throws {
    let analytic = ReferenceEvaluator(inputs: feed).values([derivative])[0]
    let scale = max(1e-9, analytic.map(abs).max() ?? 0)
    let h = 1e-6
    for i in stride(from: 0, to: analytic.count, by: step) {
      func at(_ offset: Double) -> Double {
        var moved = feed
        moved[input]![i] += offset
        return ReferenceEvaluator(inputs: moved).values([value])[0][0]
      }
      let quotient = (at(h) - at(-h)) / (2 * h)
      // A quotient's own error is about h squared and rounding / h, some 1e-9 of the value.
      #expect(abs(quotient - analytic[i]) < 1e-5 * scale + 1e-7, "\(input)[\(i)]: \(quotient), not \(analytic[i])")
    }
  }
}

/// What nobody asked for is not computed.
@Suite struct MixesTests {
  @Test func `without a term that uses mixes there is no pass over them, and no column`() throws {
    var spec = try Recipe.original.spec(widths: [6, 5], latent: 7, top: 8, batch: 4)
    let full = TrainingGraph(spec, level: 1, batch: 4, fading: true)
    spec.loss[.discriminator].removeAll { $0.key == "gradient_penalty" }
    let plain = TrainingGraph(spec, level: 1, batch: 4, fading: true)
    let (with, without) = (try full.discriminatorPlan(), try plain.discriminatorPlan())
    #expect(with.inputs.keys.contains("mix") && !without.inputs.keys.contains("mix"))
    #expect(with.outputs.keys.contains("gradient_norm") && !without.outputs.keys.contains("gradient_norm"))
    #expect(without.flops < 0.6 * with.flops)
    #expect(MetricsColumns(spec).names.last == "score.fake")
  }
}
