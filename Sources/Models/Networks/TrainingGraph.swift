import Basics
import Graph
import Spec

/// The plans of one training iteration at one resolution: of each network's step, and of those of its lazy terms.
///
/// Inputs beside the networks' parameters, moments and averages: `generator.latent` and `discriminator.latent`, `real`
/// `[N, 3, R, R]`, `mix` `[N, 1, 1, 1]` if a term uses mixes, `alpha` `[1, 1, 1, 1]`, and the optimizers' numbers. Outputs: what is measured, by the names of
/// the columns of ``MetricsColumns``.
package struct TrainingGraph {
  package let spec: ExperimentSpec
  package let level: Int
  package let batch: Int
  /// Whether the lower resolution still has a part in the images.
  package let fading: Bool
  /// Whether plans also give `gradient.<network>.<parameter>`.
  package let tracing: Bool

  package init(_ spec: ExperimentSpec, level: Int, batch: Int, fading: Bool, tracing: Bool = false) {
    self.spec = spec
    self.level = level
    self.batch = batch
    self.fading = fading && level > 0
    self.tracing = tracing
  }

  package var resolution: Int { Resolution.side(level: level) }
  package var generator: Generator { networks.generator }
  package var discriminator: Discriminator { networks.discriminator }
  private var networks: Networks { Networks(spec) }

  /// The steps that an iteration may make, the generator's first.
  package var steps: [TrainingStep] { NetworkRole.allCases.flatMap(spec.steps) }

  /// The plans of all steps, in their order.
  package func plans() throws(ShapeError) -> [Plan] {
    var plans: [Plan] = []
    for step in steps { plans.append(try plan(step)) }
    return plans
  }

  /// What `step` does to weights.
  package func update(_ step: TrainingStep) -> OptimizerStep {
    let variables = networks.variables(of: step.network, level: level, fading: fading)
    return OptimizerStep(networks.optimizer(of: step.network), step, variables.filter { $0.role == .weight })
  }

  /// The generator's update of each iteration: `loss = terms(D(G(z)))`, differentiated with respect to G alone.
  package func generatorPlan() throws(ShapeError) -> Plan { try plan(TrainingStep(.generator)) }

  /// The discriminator's update of each iteration: its terms of real, generated and mixed images, differentiated with respect to D alone.
  package func discriminatorPlan() throws(ShapeError) -> Plan { try plan(TrainingStep(.discriminator)) }

  /// The plan of one step.
  package func plan(_ step: TrainingStep) throws(ShapeError) -> Plan {
    let graph = Graph()
    let alpha = try fading ? graph.add(Input(name: "alpha", shape: .scalar)) : nil
    return switch step.network {
    case .generator: try generatorPlan(step, graph, alpha)
    case .discriminator: try discriminatorPlan(step, graph, alpha)
    }
  }

  private func generatorPlan(_ step: TrainingStep, _ graph: Graph, _ alpha: Tensor?) throws(ShapeError) -> Plan {
    let terms: [any GeneratorTerm] = terms(of: step)
    let own = Scope(graph: graph, network: .generator, keepsStyles: terms.contains { type(of: $0).needsStyles })
    let other = Scope(graph: graph, network: .discriminator, isLearning: false)
    let fakes = try fakes("generator.latent", alpha, in: own)
    let context = GeneratorContext(own, images: fakes, usesReal: terms.contains { $0.comparesImages }) {
      (withReal) throws(ShapeError) in
      guard withReal else { return (nil, try scores(fakes, alpha, in: other)) }
      let both = try scores(graph.add(Concatenate(axis: 0), [real(graph, alpha), fakes]), alpha, in: other, parts: 2)
      return (try both.apply(Slice(axis: 0, range: 0..<batch)), try both.apply(Slice(axis: 0, range: batch..<2 * batch)))
    }
    var values: [(String, Tensor)] = []
    for term in terms { values.append((type(of: term).key, try term.value(context))) }
    return try plan(step, values, in: own, beside: other, outputs: [:])
  }

  private func discriminatorPlan(_ step: TrainingStep, _ graph: Graph, _ alpha: Tensor?) throws(ShapeError) -> Plan {
    let terms: [any DiscriminatorTerm] = terms(of: step)
    let own = Scope(graph: graph, network: .discriminator)
    let other = Scope(graph: graph, network: .generator, isLearning: false)
    let sources = DiscriminatorContext.Sources(
      batch: batch, real: try real(graph, alpha),
      generated: { () throws(ShapeError) in try fakes("discriminator.latent", alpha, in: other) },
      augmented: { (images) throws(ShapeError) in try augmented(images, in: own) },
      scores: { (images, parts) throws(ShapeError) in
        try discriminator(images, level: level, alpha: alpha, in: own.divided(into: parts))
      })
    let seen = terms.reduce(into: Set<ScoredImages>()) { $0.formUnion($1.slopes) }
    let context = DiscriminatorContext(own, sources, paired: !step.isLazy || seen.isSuperset(of: [.real, .generated]))
    var measured: [Column: Tensor] = [:]
    if !step.isLazy {
      measured = [.realScore: try context.realScores().average(), .fakeScore: try context.fakeScores().average()]
      if spec.discriminator.augment != nil {
        measured[.overfitting] = try context.realScores().mapped(.slope(0)).average().scaled(by: 2) + -1
      }
    }
    var values: [(String, Tensor)] = []
    for term in terms {
      values.append((type(of: term).key, try term.value(context)))
      measured.merge(try term.measures(context)) { $1 }
    }
    return try plan(step, values, in: own, beside: other, outputs: measured)
  }

  /// The terms of a step.
  private func terms<Term>(of step: TrainingStep) -> [Term] {
    spec.loss[step.network].filter { $0.every == step.every }.map { $0.make() }
  }

  /// The real images, as far as they have faded in.
  private func real(_ graph: Graph, _ alpha: Tensor?) throws(ShapeError) -> Tensor {
    let real = try graph.add(Input(name: "real", shape: [batch, 3, resolution, resolution]))
    guard let alpha, spec.schedule.blendReals else { return real }
    let coarse = try real.apply(SumPool()).scaled(by: 0.25).apply(UpsampleNearest())
    return try coarse + alpha * (real - coarse)
  }

  private func fakes(_ latent: String, _ alpha: Tensor?, in scope: Scope) throws(ShapeError) -> Tensor {
    let latents = try scope.graph.add(Input(name: latent, shape: generator.latentShape(count: batch)))
    return try generator(latents, level: level, alpha: alpha, in: scope)
  }

  /// What the discriminator, which does not learn, says of images, `parts` minibatches of them.
  private func scores(_ images: Tensor, _ alpha: Tensor?, in scope: Scope, parts: Int = 1) throws(ShapeError) -> Tensor {
    try discriminator(augmented(images, in: scope), level: level, alpha: alpha, in: scope.divided(into: parts))
  }

  /// What the discriminator sees of images.
  private func augmented(_ images: Tensor, in scope: Scope) throws(ShapeError) -> Tensor {
    guard let augmentation = DiscriminatorAugmentation(spec) else { return images }
    return try augmentation(images, in: scope)
  }

  /// The update of the network in `scope` by the gradients of the sum of `values`, and of what layers of both keep of what passed.
  private func plan(
    _ step: TrainingStep, _ values: [(term: String, value: Tensor)], in scope: Scope, beside other: Scope,
    outputs measured: [Column: Tensor]
  ) throws(ShapeError) -> Plan {
    let network = step.network
    var outputs = Dictionary(uniqueKeysWithValues: measured.map { ($0.key.name, $0.value) })
    var loss: Tensor?
    for (term, value) in values {
      let part = try value.scaled(by: Double(step.every))
      outputs[Column.loss(network, term).name] = part
      loss = if let loss { try loss + part } else { part }
    }
    guard let loss else { preconditionFailure("a loss without terms") }
    if !step.isLazy { outputs[Column.loss(network).name] = loss }
    let (weights, tensors) = scope.weights
    let parts = try gradients(of: loss, wrt: tensors)
    if tracing { for (weight, part) in zip(weights, parts) { outputs["gradient.\(step.prefix)\(weight.key)"] = part } }
    let update = OptimizerStep(networks.optimizer(of: network), step, weights)
    var effects = [try update.effect(clipped(parts), in: scope.graph)]
    if network == .discriminator, let bound = spec.optimizer.weightClip {
      effects.append(
        Effect(
          "clip \(step.name)", operands: [], targets: tensors,
          kernel: .clamp(Float(bound), counts: weights.map(\.shape.count))))
    }
    return try Plan(outputs: outputs, effects: effects + [scope.updates, other.updates].compactMap { $0 })
  }

  /// What `optimizer.clip` leaves of gradients: of their numbers first, then of their norm, as `torch.nn.utils.clip_grad_norm_` does.
  private func clipped(_ parts: [Tensor]) throws(ShapeError) -> [Tensor] {
    guard let clip = spec.optimizer.clip, !parts.isEmpty else { return parts }
    var parts = parts
    if clip.value > 0 {
      for index in parts.indices { parts[index] = try parts[index].clamped(to: clip.value) }
    }
    guard clip.norm > 0 else { return parts }
    var squares = try parts[0].squared().total()
    for part in parts.dropFirst() { squares = try squares + part.squared().total() }
    let share = try (squares.squareRoot() + 1e-6).reciprocal().scaled(by: clip.norm)
    // The share itself where it is below 1, else 1, neither rounded.
    let isBelow = try (1 - share).mapped(.slope(0))
    let factor = try share * isBelow + (1 - isBelow)
    for index in parts.indices {
      let ones = Shape(Array(repeating: 1, count: parts[index].shape.rank))
      parts[index] = try parts[index] * factor.reshaped(ones)
    }
    return parts
  }

  /// The input that mixes of real and generated images are weighed by, `[N, 1, 1, 1]`.
  package static let mixName = "mix"
}
