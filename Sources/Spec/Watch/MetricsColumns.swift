import Basics

/// The columns of `metrics.csv` that a spec can name.
package struct MetricsColumns: Equatable, Sendable {
  /// In the order of the file.
  package let names: [String]

  /// Columns that count; all others hold 32-bit floats.
  package static let counts = ["iteration", "images", "phase", "resolution"]

  /// The columns of an experiment with this loss.
  package init(_ loss: LossSpec) {
    let terms = loss.generator.map { "loss.generator.\($0.key)" } + loss.discriminator.map { "loss.discriminator.\($0.key)" }
    names =
      Self.counts + ["alpha", "rate.generator", "rate.discriminator", "loss.generator", "loss.discriminator"] + terms
      + ["score.real", "score.fake", "gradient_norm"]
  }

  /// The column that was probably meant: one that `word` is the end of, else one that is spelled alike.
  func suggestion(for word: String) -> String? {
    let ending = names.filter { $0.hasSuffix("." + word) }
    return ending.count == 1 ? ending[0] : EditDistance.closest(to: word, among: names)
  }
}
