import Graph
import Kernels
import Spec

/// The two plans of one training iteration at one resolution.
///
/// Inputs beside the networks' parameters, moments and averages: `generator.latent` and `discriminator.latent`, `real`
/// `[N, 3, R, R]`, `mix` `[N, 1, 1, 1]`, `alpha` `[1, 1, 1, 1]`, and the optimizers' numbers. Outputs: `loss.<network>`,
/// `loss.<network>.<term>`, `score.real`, `score.fake`, `gradient_norm`.
package struct TrainingGraph {
  package let spec: ExperimentSpec
  package let level: Int
  package let batch: Int
  /// Whether the lower resolution still has a part in the images.
  package let fading: Bool
  /// Whether plans also give `gradient.<network>.<parameter>`.
  package let tracing: Bool

  package init(_ spec: ExperimentSpec, level: Int, batch: Int, fading: Bool, tracing: Bool = false) {
    (self.spec, self.level, self.batch, self.fading, self.tracing) = (spec, level, batch, fading && level > 0, tracing)
  }

  package var resolution: Int { 4 << level }
  package var generator: Generator { Generator(spec.generator) }
  package var discriminator: Discriminator { Discriminator(spec.discriminator) }

  package var generatorStep: AdamStep {
    AdamStep(
      settings: AdamSettings(spec.optimizer.generator), network: Generator.network,
      parameters: generator.parameters(level: level, fading: fading), averages: true)
  }

  package var discriminatorStep: AdamStep {
    AdamStep(
      settings: AdamSettings(spec.optimizer.discriminator), network: Discriminator.network,
      parameters: discriminator.parameters(level: level, fading: fading), averages: false)
  }

  /// The generator's update: `loss = terms(D(G(z)))`, differentiated with respect to G alone.
  package func generatorPlan() throws(ShapeError) -> Plan {
    let graph = Graph()
    let alpha = try alpha(graph)
    let (own, other) = (
      NetworkScope(graph: graph, network: Generator.network), NetworkScope(graph: graph, network: Discriminator.network)
    )
    let fakes = try fakes("generator.latent", graph, alpha)
    let scores = try discriminator(fakes, level: level, alpha: alpha, in: other)
    let context = GeneratorContext(fakeScores: scores)
    return try plan(generatorStep, in: own, .generator, outputs: [:]) { term throws(ShapeError) in
      let term: any GeneratorTerm = term.make()
      return try term.value(context)
    }
  }

  /// The discriminator's update: its terms of real, generated and mixed images, differentiated with respect to D alone.
  package func discriminatorPlan() throws(ShapeError) -> Plan {
    let graph = Graph()
    let alpha = try alpha(graph)
    let fakes = try fakes("discriminator.latent", graph, alpha)
    var real = try graph.add(Input(name: "real", shape: [batch, 3, resolution, resolution]))
    if let alpha, spec.schedule.blendReals {
      let coarse = try real.apply(SumPool()).scaled(by: 0.25).apply(UpsampleNearest())
      real = try coarse + alpha * (real - coarse)
    }
    // Real and generated images as two minibatches of one pass: products twice as large, weights read half as often.
    let both = NetworkScope(graph: graph, network: Discriminator.network, parts: 2)
    let scores = try discriminator(graph.add(Concatenate(axis: 0), [real, fakes]), level: level, alpha: alpha, in: both)
    let realScores = try scores.apply(Slice(axis: 0, range: 0..<batch))
    let fakeScores = try scores.apply(Slice(axis: 0, range: batch..<2 * batch))
    let own = NetworkScope(graph: graph, network: Discriminator.network)
    let mix = try graph.add(Input(name: "mix", shape: [batch, 1, 1, 1]))
    let mixes = try mix * real + (1 - mix) * fakes
    let context = DiscriminatorContext(
      realScores: realScores, fakeScores: fakeScores, mixes: mixes,
      mixedScores: try discriminator(mixes, level: level, alpha: alpha, in: own))
    let outputs = [
      "score.real": try realScores.average(), "score.fake": try fakeScores.average(),
      "gradient_norm": try context.gradientNorms().average(),
    ]
    return try plan(discriminatorStep, in: own, .discriminator, outputs: outputs) { term throws(ShapeError) in
      let term: any DiscriminatorTerm = term.make()
      return try term.value(context)
    }
  }

  private func alpha(_ graph: Graph) throws(ShapeError) -> Tensor? {
    fading ? try graph.add(Input(name: "alpha", shape: .scalar)) : nil
  }

  private func fakes(_ latent: String, _ graph: Graph, _ alpha: Tensor?) throws(ShapeError) -> Tensor {
    let latents = try graph.add(Input(name: latent, shape: generator.latentShape(count: batch)))
    return try generator(latents, level: level, alpha: alpha, in: NetworkScope(graph: graph, network: Generator.network))
  }

  private func plan(
    _ step: AdamStep, in scope: NetworkScope, _ network: NetworkRole, outputs: [String: Tensor],
    value: (Choice) throws(ShapeError) -> Tensor
  ) throws(ShapeError) -> Plan {
    var outputs = outputs
    var loss: Tensor?
    for term in spec.loss[network] {
      let part = try value(term)
      outputs["loss.\(network).\(term.key)"] = part
      loss = if let loss { try loss + part } else { part }
    }
    guard let loss else { preconditionFailure("a loss without terms") }
    outputs["loss.\(network)"] = loss
    let parts = try gradients(
      of: loss, wrt: step.parameters.mapThrowing { parameter throws(ShapeError) in try scope.tensor(parameter) })
    if tracing { for (parameter, part) in zip(step.parameters, parts) { outputs["gradient.\(network).\(parameter.name)"] = part } }
    return try Plan(outputs: outputs, effects: [step.effect(parts, in: scope)])
  }
}

extension Array {
  /// `map` for closures of one error type.
  fileprivate func mapThrowing<T, E: Error>(_ transform: (Element) throws(E) -> T) throws(E) -> [T] {
    var result: [T] = []
    for element in self { result.append(try transform(element)) }
    return result
  }
}
