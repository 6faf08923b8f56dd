/// `loss`: the terms of each network's loss, keyed by name.
package struct LossSpec: Equatable, Sendable {
  package var generator: [LossTermSpec]
  package var discriminator: [LossTermSpec]
}

/// One loss term: its catalogue name and its settings by key, every default written out.
package struct LossTermSpec: Equatable, Sendable {
  /// As in the YAML: `wasserstein`, `gradient_penalty`, `drift`.
  package var name: String
  package var settings: [String: Double]
}
