import Graph
import Spec

/// The two networks of an experiment, and everything that training changes of them.
package struct Networks {
  private let spec: ExperimentSpec

  package init(_ spec: ExperimentSpec) { self.spec = spec }

  package var generator: Generator { Generator(spec.generator) }
  package var discriminator: Discriminator { Discriminator(spec.discriminator) }

  /// The weights and statistics of `network` that images at `level` depend on, those of the layers below only during a fade.
  package func variables(
    of network: NetworkRole, level: Int, fading: Bool, mode: Scope.Mode = .training
  ) -> [Variable] {
    // Two images, the fewest that differ: what a network asks for does not depend on how many there are.
    let (graph, count) = (Graph(), 2)
    let scope = Scope(graph: graph, network: network, mode: mode)
    do throws(ShapeError) {
      let alpha = fading && level > 0 ? try graph.add(Input(name: "alpha", shape: .scalar)) : nil
      switch network {
      case .generator:
        let latent = try graph.add(Input(name: "latent", shape: generator.latentShape(count: count)))
        _ = try generator(latent, level: level, alpha: alpha, in: scope)
      case .discriminator:
        let side = Resolution.side(level: level)
        let images = try graph.add(Input(name: "images", shape: [count, 3, side, side]))
        _ = try discriminator(images, level: level, alpha: alpha, in: scope)
      }
    } catch {
      preconditionFailure("a checked spec's \(network) has no shape: \(error)")
    }
    guard case .training = mode else { return scope.variables }
    let kept = spec.loss[network].flatMap { choice in
      let term: any LossTerm = choice.make()
      return type(of: term).kept.map { Variable.kept("\(choice.key).\($0)", of: network) }
    }
    return scope.variables + kept
  }

  /// The weights and statistics of `network` in all phases up to that at `last`, or of the whole network, in the order in which it grows.
  package func variables(of network: NetworkRole, through last: Int? = nil) -> [Variable] {
    var (found, known) = ([Variable](), Set<Variable>())
    for level in spec.imageLevels where level <= last ?? level {
      for variable in variables(of: network, level: level, fading: false) where known.insert(variable).inserted {
        found.append(variable)
      }
    }
    return found
  }

  /// Everything that training changes: variables, the generator's averages, what the optimizers keep.
  package var variables: [Variable] {
    NetworkRole.allCases.flatMap { network in
      let (optimizer, own) = (optimizer(of: network), variables(of: network))
      return own
        + own.filter { $0.role == .weight }.flatMap { weight in
          (Self.isAveraged(network) ? [weight.beside(.average)] : []) + optimizer.slots.map { weight.beside(.slot($0)) }
        }
    }
  }

  /// Whether a moving average follows the weights of `network`.
  package static func isAveraged(_ network: NetworkRole) -> Bool { network == .generator }

  /// How the weights of `network` are updated, steps of lazy terms made up for; the rate is not.
  package func optimizer(of network: NetworkRole) -> any Optimizer {
    let optimizer: any Optimizer = spec.optimizer[network].make()
    let laziness = spec.laziness(of: network)
    return laziness == 1 ? optimizer : optimizer.corrected(by: laziness)
  }
}
