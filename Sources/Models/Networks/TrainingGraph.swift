import Basics
import Graph
import Spec

/// The two plans of one training iteration at one resolution.
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

  /// Whether a term asks for mixes of real and generated images, which no other experiment computes.
  package var usesMixes: Bool { spec.loss.usesMixes }

  package var resolution: Int { Resolution.side(level: level) }
  package var generator: Generator { networks.generator }
  package var discriminator: Discriminator { networks.discriminator }
  private var networks: Networks { Networks(spec) }

  /// The optimizer's step for `network`.
  package func step(_ network: NetworkRole) -> OptimizerStep {
    let variables = networks.variables(of: network, level: level, fading: fading)
    return OptimizerStep(networks.optimizer(of: network), network, variables.filter { $0.role == .weight })
  }

  /// The generator's update: `loss = terms(D(G(z)))`, differentiated with respect to G alone.
  package func generatorPlan() throws(ShapeError) -> Plan {
    let graph = Graph()
    let alpha = try alpha(graph)
    let own = Scope(graph: graph, network: .generator)
    let other = Scope(graph: graph, network: .discriminator, isLearning: false)
    let fakes = try fakes("generator.latent", alpha, in: own)
    let scores = try discriminator(fakes, level: level, alpha: alpha, in: other)
    let context = GeneratorContext(fakeScores: scores)
    return try plan(in: own, beside: other, outputs: [:]) { term throws(ShapeError) in
      let term: any GeneratorTerm = term.make()
      return try term.value(context)
    }
  }

  /// The discriminator's update: its terms of real, generated and mixed images, differentiated with respect to D alone.
  package func discriminatorPlan() throws(ShapeError) -> Plan {
    let graph = Graph()
    let alpha = try alpha(graph)
    let other = Scope(graph: graph, network: .generator, isLearning: false)
    let fakes = try fakes("discriminator.latent", alpha, in: other)
    var real = try graph.add(Input(name: "real", shape: [batch, 3, resolution, resolution]))
    if let alpha, spec.schedule.blendReals {
      let coarse = try real.apply(SumPool()).scaled(by: 0.25).apply(UpsampleNearest())
      real = try coarse + alpha * (real - coarse)
    }
    // Real and generated images as two minibatches of one pass: products twice as large, weights read half as often.
    let own = Scope(graph: graph, network: .discriminator)
    let scores = try discriminator(
      graph.add(Concatenate(axis: 0), [real, fakes]), level: level, alpha: alpha, in: own.divided(into: 2))
    let realScores = try scores.apply(Slice(axis: 0, range: 0..<batch))
    let fakeScores = try scores.apply(Slice(axis: 0, range: batch..<2 * batch))
    let context = DiscriminatorContext(realScores: realScores, fakeScores: fakeScores) { () throws(ShapeError) in
      let mix = try graph.add(Input(name: "mix", shape: [batch, 1, 1, 1]))
      let mixes = try mix * real + (1 - mix) * fakes
      return Mixes(images: mixes, scores: try discriminator(mixes, level: level, alpha: alpha, in: own))
    }
    var outputs = [Column.realScore: try realScores.average(), .fakeScore: try fakeScores.average()]
    if usesMixes { outputs[.gradientNorm] = try context.mixes().gradientNorms().average() }
    return try plan(in: own, beside: other, outputs: outputs) { term throws(ShapeError) in
      let term: any DiscriminatorTerm = term.make()
      return try term.value(context)
    }
  }

  private func alpha(_ graph: Graph) throws(ShapeError) -> Tensor? {
    fading ? try graph.add(Input(name: "alpha", shape: .scalar)) : nil
  }

  private func fakes(_ latent: String, _ alpha: Tensor?, in scope: Scope) throws(ShapeError) -> Tensor {
    let latents = try scope.graph.add(Input(name: latent, shape: generator.latentShape(count: batch)))
    return try generator(latents, level: level, alpha: alpha, in: scope)
  }

  /// The update of the network in `scope` by the gradients of its loss, and of what layers of both keep of what passed.
  private func plan(
    in scope: Scope, beside other: Scope, outputs measured: [Column: Tensor], value: (Choice) throws(ShapeError) -> Tensor
  ) throws(ShapeError) -> Plan {
    let network = scope.network
    var outputs = Dictionary(uniqueKeysWithValues: measured.map { ($0.key.name, $0.value) })
    var loss: Tensor?
    for term in spec.loss[network] {
      let part = try value(term)
      outputs[Column.loss(network, term.key).name] = part
      loss = if let loss { try loss + part } else { part }
    }
    guard let loss else { preconditionFailure("a loss without terms") }
    outputs[Column.loss(network).name] = loss
    let (weights, tensors) = scope.weights
    let parts = try gradients(of: loss, wrt: tensors)
    if tracing { for (weight, part) in zip(weights, parts) { outputs["gradient.\(weight.key)"] = part } }
    let step = OptimizerStep(networks.optimizer(of: network), network, weights)
    return try Plan(
      outputs: outputs, effects: [step.effect(parts, in: scope.graph)] + [scope.updates, other.updates].compactMap { $0 })
  }
}
