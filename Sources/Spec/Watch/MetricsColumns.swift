import Basics

/// The columns of `metrics.csv` that a schedule and the plans of its iterations give.
package struct MetricsColumns: Equatable, Sendable {
  /// In the order of the file.
  package let all: [Column]
  /// The weighted loss terms among them.
  package let terms: [Column]

  package var names: [String] { all.map(\.name) }

  /// The columns of an experiment.
  package init(_ spec: ExperimentSpec) { self.init(spec.loss, augments: spec.discriminator.augment != nil) }

  /// The columns of an experiment with this loss, whose discriminator sees changed images if it `augments`.
  package init(_ loss: LossSpec, augments: Bool = false) {
    self.init(
      terms: NetworkRole.allCases.flatMap { network in loss[network].map { Column.loss(network, $0.key) } },
      measured: NetworkRole.allCases.flatMap { loss[$0].flatMap { ($0.type as? any LossTermDeclaration.Type)?.measured ?? [] } }
        + (augments ? [.augmentProbability, .overfitting] : []))
  }

  /// The columns of an experiment with these loss terms, which need those that are `measured`.
  package init(terms: [Column], measured: [Column]) {
    self.terms = terms
    let networks = NetworkRole.allCases
    all =
      Column.first + [.alpha] + networks.map(Column.rate) + networks.map { .loss($0) } + terms
      + [.realScore, .fakeScore] + measured
  }

  /// The column that was probably meant: one that `word` is the end of, else one that is spelled alike.
  func suggestion(for word: String) -> String? {
    let ending = names.filter { $0.hasSuffix("." + word) }
    return ending.count == 1 ? ending[0] : EditDistance.closest(to: word, among: names)
  }
}

extension Column {
  package static func rate(_ network: NetworkRole) -> Column {
    Column("rate.\(network)", .number, "The \(network)'s learning rate")
  }
  package static func loss(_ network: NetworkRole) -> Column {
    Column("loss.\(network)", .number, "The sum of the \(network)'s weighted loss terms; no measure of quality")
  }
  package static func loss(_ network: NetworkRole, _ term: String) -> Column {
    Column("loss.\(network).\(term)", .number, "A weighted term of the \(network)'s loss")
  }
  package static let realScore = Column("score.real", .number, "The discriminator's mean score of real images")
  package static let augmentProbability = Column(
    "augment.probability", .number, "The probability of each change to images that the discriminator sees")
  package static let overfitting = Column(
    "overfitting", .number, "The mean sign of the discriminator's scores of real images; near 1 it knows them all")
  package static let fakeScore = Column("score.fake", .number, "The discriminator's mean score of drawn images")
  package static let gradientNorm = Column(
    "gradient_norm", .number, "The mean norm of the score's gradient where the penalty looks at it")
}
