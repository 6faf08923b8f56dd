import Basics

/// The columns of `metrics.csv` that a schedule and the plans of its iterations give.
package struct MetricsColumns: Equatable, Sendable {
  /// In the order of the file.
  package let all: [Column]
  /// The weighted loss terms among them.
  package let terms: [Column]

  package var names: [String] { all.map(\.name) }

  /// The columns of an experiment with this loss.
  package init(_ loss: LossSpec) {
    let networks = NetworkRole.allCases
    terms = networks.flatMap { network in loss[network].map { Column.loss(network, $0.key) } }
    all =
      Column.first + [.alpha] + networks.map(Column.rate) + networks.map { .loss($0) } + terms
      + [.realScore, .fakeScore, .gradientNorm]
  }

  /// The column that was probably meant: one that `word` is the end of, else one that is spelled alike.
  func suggestion(for word: String) -> String? {
    let ending = names.filter { $0.hasSuffix("." + word) }
    return ending.count == 1 ? ending[0] : EditDistance.closest(to: word, among: names)
  }
}

extension Column {
  /// A network's learning rate.
  package static func rate(_ network: NetworkRole) -> Column { Column("rate.\(network)") }
  /// A network's loss, or a weighted term of it.
  package static func loss(_ network: NetworkRole, _ term: String? = nil) -> Column {
    Column("loss.\(network)" + (term.map { "." + $0 } ?? ""))
  }
  /// The discriminator's mean score of real images.
  package static let realScore = Column("score.real")
  /// The discriminator's mean score of drawn images.
  package static let fakeScore = Column("score.fake")
  /// The mean norm of the score's gradient at mixes of real and drawn images.
  package static let gradientNorm = Column("gradient_norm")
}
