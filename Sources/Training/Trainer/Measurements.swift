import Graph
import Models
import Spec

/// The learning rates of one iteration, and what its plans computed beside the new weights.
package struct Measurements: Equatable, Sendable {
  package var generatorRate: Float = 0
  package var discriminatorRate: Float = 0
  package var generatorLoss: Float = 0
  package var discriminatorLoss: Float = 0
  /// Weighted loss terms, in the order of ``LossColumns``.
  package var terms: [Float]
  package var realScore: Float = 0
  package var fakeScore: Float = 0
  package var gradientNorm: Float = 0

  private let columns: LossColumns

  package init(_ columns: LossColumns) {
    self.columns = columns
    terms = Array(repeating: 0, count: columns.names.count)
  }

  /// Takes over the outputs of one network's plan, which has just run.
  mutating func read(_ network: NetworkRole, _ executor: Executor) {
    for (index, name) in columns.names.enumerated() where columns.networks[index] == network {
      terms[index] = executor.output(name)[0]
    }
    switch network {
    case .generator: generatorLoss = executor.output("loss.generator")[0]
    case .discriminator:
      discriminatorLoss = executor.output("loss.discriminator")[0]
      realScore = executor.output("score.real")[0]
      fakeScore = executor.output("score.fake")[0]
      gradientNorm = executor.output("gradient_norm")[0]
    }
  }

  /// The first loss term that is not finite, by column.
  package var nonFinite: String? {
    zip(columns.names, terms).first { !$0.1.isFinite }?.0
  }
}

/// The loss terms of a spec as columns: `loss.discriminator.gradient_penalty`.
package struct LossColumns: Equatable, Sendable {
  package let names: [String]
  let networks: [NetworkRole]

  package init(_ loss: LossSpec) {
    names = loss.generator.map { "loss.generator.\($0.key)" } + loss.discriminator.map { "loss.discriminator.\($0.key)" }
    networks = loss.generator.map { _ in .generator } + loss.discriminator.map { _ in .discriminator }
  }
}
