import Spec

/// One step of a network's optimizer in an iteration.
package struct TrainingStep: Hashable, Sendable {
  package let network: NetworkRole
  /// 1: the step of each iteration. k: that of the terms that are computed in the first iteration and in every k-th from there on.
  package let every: Int

  package init(_ network: NetworkRole, every: Int = 1) { (self.network, self.every) = (network, every) }

  package var isLazy: Bool { every > 1 }

  /// `discriminator`, `discriminator.every-16`: what names of its inputs and outputs begin with.
  package var name: String { isLazy ? "\(network).every-\(every)" : network.rawValue }

  /// What the names of its gradients begin with: nothing in the step of each iteration.
  package var prefix: String { isLazy ? "every-\(every)." : "" }

  /// Whether it is made in `iteration`, which counts from 1.
  package func isDue(_ iteration: Int) -> Bool { (iteration - 1) % every == 0 }
}

extension ExperimentSpec {
  /// The steps of `network`, in the order in which an iteration makes them: those of lazy terms come first.
  package func steps(of network: NetworkRole) -> [TrainingStep] {
    Set(loss[network].map(\.every)).sorted(by: >).map { TrainingStep(network, every: $0) }
  }

  /// The share of an optimizer's rate, and the power of what it keeps, that makes up for steps of lazy terms between those of each iteration:
  /// k / (k + 1) for one that comes every k-th iteration (Karras et al. 2020, appendix B).
  package func laziness(of network: NetworkRole) -> Double {
    1 / steps(of: network).reduce(0) { $0 + 1 / Double($1.every) }
  }
}
