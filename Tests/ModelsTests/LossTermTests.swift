import Basics
import Foundation
import Graph
import Testing
import Training

@testable import Models
@testable import Spec

@Suite struct LossTermTests {
  /// Scores of images, some beyond each margin, and two of each that are equal.
  private static let scores = (
    real: [0.3, -1.7, 2.4, 1.1, 0.3, -0.2, 5.0], fake: [-0.6, 0.9, -3.1, 0.2, -0.6, 1.3, 0.1]
  )

  private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
  private static func softplus(_ x: Double) -> Double { log1p(exp(x)) }

  /// The value of a discriminator's term for scores that are given.
  private func discriminator(_ choice: Choice, _ real: [Double], _ fake: [Double], _ feed: [String: [Double]] = [:]) throws
    -> Double
  {
    let graph = Graph()
    let images = try ["real", "generated"].map { try graph.add(Input(name: $0, shape: [real.count, 3, 4, 4])) }
    let both = try graph.add(Input(name: "scores", shape: [2 * real.count, 1, 1, 1]))
    let context = DiscriminatorContext(Scope(graph: graph, network: .discriminator), images) { (_, _) throws(ShapeError) in both }
    let term: any DiscriminatorTerm = choice.make()
    let value = try term.value(context)
    return ReferenceEvaluator(inputs: feed.merging(["scores": real + fake]) { $1 }).values([value])[0][0]
  }

  /// The same of a generator's.
  private func generator(_ choice: Choice, _ real: [Double], _ fake: [Double]) throws -> Double {
    let graph = Graph()
    let images = try graph.add(Input(name: "images", shape: [real.count, 3, 4, 4]))
    let scores = try ["real", "fake"].map { try graph.add(Input(name: $0, shape: [real.count, 1, 1, 1])) }
    let term: any GeneratorTerm = choice.make()
    let context = GeneratorContext(Scope(graph: graph, network: .generator), images: images, usesReal: term.comparesImages) {
      (withReal) throws(ShapeError) in (withReal ? scores[0] : nil, scores[1])
    }
    return ReferenceEvaluator(inputs: ["real": real, "fake": fake]).values([try term.value(context)])[0][0]
  }

  @Test func `adversarial losses are their formulas`() throws {
    let (real, fake) = Self.scores, mean = Self.mean, softplus = Self.softplus
    let (mr, mf) = (mean(real), mean(fake))
    let pairs = Array(zip(real, fake))
    let average = Choice(DiscriminatorRelativistic.self, .init(form: .average))
    let cases: [(Choice, Double)] = [
      (Choice(DiscriminatorWasserstein.self), mf - mr),
      (Choice(DiscriminatorHinge.self), mean(real.map { max(0, 1 - $0) }) + mean(fake.map { max(0, 1 + $0) })),
      (Choice(DiscriminatorNonSaturating.self), mean(real.map { softplus(-$0) }) + mean(fake.map(softplus))),
      (Choice(DiscriminatorLeastSquares.self), (mean(real.map { ($0 - 1) * ($0 - 1) }) + mean(fake.map { $0 * $0 })) / 2),
      (Choice(DiscriminatorRelativistic.self), mean(pairs.map { softplus($1 - $0) })),
      (average, (mean(real.map { softplus(mf - $0) }) + mean(fake.map { softplus($0 - mr) })) / 2),
    ]
    for (choice, expected) in cases {
      let value = try discriminator(choice, real, fake)
      #expect(abs(value - expected) < 1e-12, "\(choice.key): \(value), not \(expected)")
    }
    let others: [(Choice, Double)] = [
      (Choice(GeneratorWasserstein.self), -mf), (Choice(GeneratorHinge.self), -mf),
      (Choice(GeneratorNonSaturating.self), mean(fake.map { softplus(-$0) })),
      (Choice(GeneratorLeastSquares.self), mean(fake.map { ($0 - 1) * ($0 - 1) }) / 2),
      (Choice(GeneratorRelativistic.self), mean(pairs.map { softplus($0 - $1) })),
      (
        Choice(GeneratorRelativistic.self, .init(form: .average)),
        (mean(real.map { softplus($0 - mf) }) + mean(fake.map { softplus(mr - $0) })) / 2
      ),
    ]
    for (choice, expected) in others {
      let value = try generator(choice, real, fake)
      #expect(abs(value - expected) < 1e-12, "\(choice.key): \(value), not \(expected)")
    }
    // Each network has these and no other loss that it learns by.
    for (network, known) in [(NetworkRole.discriminator, cases.map(\.0)), (.generator, others.map(\.0))] {
      #expect(Set(LossCatalog.terms[network].choices.filter(\.isAdversarial).map(\.key)) == Set(known.map(\.key)))
    }
  }

  @Test func `losses are smallest where their papers say, and forms that are symmetric are`() throws {
    let (real, fake) = Self.scores
    let (ones, zeros, far) = (real.map { _ in 1.0 }, real.map { _ in 0.0 }, real.map { _ in 40.0 })
    #expect(try discriminator(Choice(DiscriminatorHinge.self), far, far.map(-)) == 0)
    #expect(try discriminator(Choice(DiscriminatorLeastSquares.self), ones, zeros) == 0)
    #expect(try discriminator(Choice(DiscriminatorLeastSquares.self), real, fake) > 0)
    #expect(try discriminator(Choice(DiscriminatorNonSaturating.self), far, far.map(-)) < 1e-16)
    for form in RelativisticForm.allCases {
      let (own, other) = (
        Choice(DiscriminatorRelativistic.self, .init(form: form)), Choice(GeneratorRelativistic.self, .init(form: form))
      )
      // The generator's side is the discriminator's with the two exchanged, and neither knows where zero is.
      #expect(try abs(discriminator(own, real, fake) - generator(other, fake, real)) < 1e-12)
      #expect(try abs(discriminator(own, real, fake) - discriminator(own, real.map { $0 + 3 }, fake.map { $0 + 3 })) < 1e-12)
      #expect(try abs(discriminator(own, real, real) - log(2)) < (form == .paired ? 1e-12 : 1))
    }
    for key in ["wasserstein", "hinge", "non_saturating"] {
      let choice = Choice(LossCatalog.terms.discriminator.type(key)!)
      #expect(try abs(discriminator(choice, real, fake) - discriminator(choice, fake.map(-), real.map(-))) < 1e-12, "\(key)")
    }
  }

  @Test func `running means are brought up to date before they are used`() throws {
    let (real, fake) = Self.scores, mean = Self.mean
    let settings = LeCam.Settings(weight: 0.3, decay: 0.9)
    let kept = ["total", "real", "generated"].map { "discriminator.lecam.\($0)" }
    for old in [(0.0, 0.0, 0.0), (0.271, 0.4, -0.3)] {
      let (total, mr, mf) = (0.9 * old.0 + 0.1, 0.9 * old.1 + 0.1 * mean(real), 0.9 * old.2 + 0.1 * mean(fake))
      let above = mean(real.map { pow(max(0, $0 - mf / total), 2) }) + mean(fake.map { pow(max(0, mr / total - $0), 2) })
      let feed = [kept[0]: [old.0], kept[1]: [old.1], kept[2]: [old.2]]
      let value = try discriminator(Choice(LeCam.self, settings), real, fake, feed)
      #expect(abs(value - 0.3 * above) < 1e-12)
    }
    // In a first step the means are those of the step itself.
    let first = try discriminator(
      Choice(LeCam.self, settings), real.map { _ in 2 }, real.map { _ in 2 }, [kept[0]: [0], kept[1]: [0], kept[2]: [0]])
    #expect(abs(first) < 1e-12)
  }

  /// Settings that are not all the defaults; running means stay as they are, since they are not differentiated.
  private static let terms: [(Choice, Bool)] = [
    (Choice(GradientPenalty.self, .init(weight: 3, target: 1, images: .mixed)), true),
    (Choice(GradientPenalty.self, .init(weight: 3, target: 0.7, images: .generated)), true),
    (Choice(GradientPenalty.self, .init(weight: 2, target: 0, images: .real)), true),
    (Choice(GradientPenalty.self, .init(weight: 2, target: 0, images: .mixed)), true),
    (Choice(RealGradients.self, .init(gamma: 4)), true), (Choice(RealGradients.self, .init(gamma: 4)), false),
    (Choice(GeneratedGradients.self, .init(gamma: 3)), false), (Choice(GeneratedGradients.self, .init(gamma: 3)), true),
    (Choice(DRAGAN.self, .init(weight: 2, deviation: 0.7)), true), (Choice(DRAGAN.self, .init(weight: 2)), false),
    (Choice(Drift.self, .init(weight: 0.7)), true), (Choice(LeCam.self, .init(weight: 0.8, decay: 1)), true),
    (Choice(DiscriminatorRelativistic.self, .init(form: .average)), true), (Choice(DiscriminatorRelativistic.self), true),
    (Choice(DiscriminatorLeastSquares.self), true), (Choice(DiscriminatorHinge.self), true),
    (Choice(DiscriminatorNonSaturating.self), true), (Choice(DiscriminatorWasserstein.self), true),
  ]

  @Test(arguments: terms.indices) func `a term has the derivatives of its definition`(index: Int) throws {
    let (choice, paired) = Self.terms[index]
    let spec = try Recipe.icon.spec(widths: [5, 3], latent: 4, top: 4, batch: 3)
    let graph = Graph(), scope = Scope(graph: graph, network: .discriminator)
    let images = try ["real", "generated"].map { try graph.add(Input(name: $0, shape: [3, 3, 8, 8])) }
    let context = DiscriminatorContext(scope, images, paired: paired) { (images, scope) throws(ShapeError) in
      try Discriminator(spec.discriminator)(images, level: 1, alpha: nil, in: scope)
    }
    let term: any DiscriminatorTerm = choice.make()
    let value = try term.value(context)
    try Quotients(seed: UInt64(index), graph, scope).check(value, every: 37)
  }

  @Test func `the catalog has no term without its quotients`() {
    #expect(Set(LossCatalog.terms.discriminator.keys).isSubset(of: Self.terms.map(\.0.key) + ["consistency", "reconstruction"]))
  }

  @Test func `r1 and r2 are penalties of the squared slope with half of gamma`() throws {
    func value(_ choice: Choice) throws -> Double {
      let spec = try Recipe.icon.spec(widths: [5, 3], latent: 4, top: 4, batch: 3)
      let graph = Graph(), scope = Scope(graph: graph, network: .discriminator)
      let images = try ["real", "generated"].map { try graph.add(Input(name: $0, shape: [3, 3, 8, 8])) }
      let context = DiscriminatorContext(scope, images) { (images, scope) throws(ShapeError) in
        try Discriminator(spec.discriminator)(images, level: 1, alpha: nil, in: scope)
      }
      let term: any DiscriminatorTerm = choice.make()
      let value = try term.value(context)
      return ReferenceEvaluator(inputs: Quotients(seed: 5, graph, scope).feed).values([value])[0][0]
    }
    let pairs = [
      (Choice(RealGradients.self, .init(gamma: 7)), ScoredImages.real),
      (Choice(GeneratedGradients.self, .init(gamma: 7)), .generated),
    ]
    for (named, images) in pairs {
      let penalty = Choice(GradientPenalty.self, .init(weight: 3.5, target: 0, images: images))
      #expect(try abs(value(named) - value(penalty)) < 1e-12 * value(named))
    }
  }

  @Test(arguments: [0.0, 0.9]) func `path lengths have the derivatives of their definition`(mixing: Double) throws {
    let text = """
      version: 2
      name: small
      data: {folder: icons}
      generator: {recipe: stylegan2, latent: 5, widths: [6, 4], style_mixing: \(mixing)}
      discriminator: {top: 6, widths: [6, 4]}
      schedule: {batch: 4, phases: [{resolution: 8, hold: 9}]}
      loss: {generator: {non_saturating: {}, path_length: {}}, discriminator: {non_saturating: {}}}
      """
    let spec = try ExperimentSpec.read(text: text, path: "/tmp/small.yaml", language: .experiments)
    let graph = Graph(), scope = Scope(graph: graph, network: .generator, keepsStyles: true)
    let generator = Generator(spec.generator)
    let latents = try graph.add(Input(name: "latents", shape: generator.latentShape(count: 4)))
    let images = try generator(latents, level: 1, alpha: nil, in: scope)
    let context = GeneratorContext(scope, images: images, usesReal: false) { (_) throws(ShapeError) in (nil, images) }
    let value = try PathLength(.init(weight: 2, decay: 0)).value(context)
    #expect(scope.layerStyles!.shape == [4 * generator.modulatedCount(1), 5, 1, 1])
    try Quotients(seed: 3, graph, scope).check(value, every: 61)
  }
}

/// Derivatives by weights against difference quotients, in Double.
private struct Quotients {
  let feed: [String: [Double]]
  private let weights: [Tensor]

  init(seed: UInt64, _ graph: Graph, _ scope: Scope) {
    var stream = RandomStream(seed: seed, name: "difference quotients")
    var feed: [String: [Double]] = [:]
    for node in graph.nodes {
      if let random = node.op as? Random {
        feed[random.name] = (0..<node.shape.count).map { _ in
          if case .crossing(let layers, _) = random.distribution { return Double(1 + stream.below(layers)) }
          return stream.uniform()
        }
      } else if let input = node.op as? Input {
        feed[input.name] = (0..<node.shape.count).map { _ in stream.uniform() }
      }
    }
    for variable in scope.variables where variable.role == .weight {
      feed[variable.key] = variable.initialValues(seed: 5).map { Double($0) + 0.1 * stream.uniform(in: -1...1) }
    }
    self.feed = feed
    weights = scope.weights.tensors
  }

  func check(_ value: Tensor, every step: Int) throws {
    let derivatives = try gradients(of: value, wrt: weights)
    var index = 0
    for (weight, derivative) in zip(weights, derivatives) {
      let name = (weight.op as! Input).name
      let analytic = ReferenceEvaluator(inputs: feed).values([derivative])[0]
      let scale = max(1e-6, analytic.map(abs).max() ?? 0)
      for place in analytic.indices {
        index += 1
        guard index % step == 0 else { continue }
        func at(_ offset: Double) -> Double {
          var moved = feed
          moved[name]![place] += offset
          return ReferenceEvaluator(inputs: moved).values([value])[0][0]
        }
        let quotient = (at(1e-6) - at(-1e-6)) / 2e-6
        #expect(abs(quotient - analytic[place]) < 1e-4 * scale + 1e-7, "\(name)[\(place)]: \(quotient), not \(analytic[place])")
      }
    }
  }
}
