import Graph
import Spec

/// Every loss term, by network.
package enum LossCatalog {
  package static let terms: [any LossTerm.Type] = [
    GeneratorWasserstein.self,
    DiscriminatorWasserstein.self,
    GradientPenalty.self,
    Drift.self,
  ]

  package static var declarations: [TermDeclaration] { terms.map { $0.declaration } }

  /// The term that a checked spec declares.
  package static func term(_ spec: LossTermSpec, of network: TermDeclaration.Network) -> any LossTerm {
    guard let type = terms.first(where: { $0.declaration.network == network && $0.declaration.name == spec.name }) else {
      preconditionFailure("no loss term '\(spec.name)' of the \(network)")
    }
    return type.init(settings: spec.settings)
  }
}
