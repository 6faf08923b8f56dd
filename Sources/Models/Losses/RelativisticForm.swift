import Graph
import Spec

/// What a score is compared with: that of one image of the other kind, or their mean.
enum RelativisticForm: String, CaseIterable, Sendable {
  case paired, average

  static let doc = "What a score is compared with: that of one image of the other kind, or the mean of all of them"

  /// The cross-entropy of `preferred` scores being above the `other` ones: `mean softplus(-(p - o))`, or with the means
  /// `(mean softplus(-(p - mean o)) + mean softplus(o - mean p)) / 2`.
  func value(_ preferred: Tensor, above other: Tensor) throws(ShapeError) -> Tensor {
    switch self {
    case .paired: try (other - preferred).softplus().average()
    case .average:
      try ((other.average() - preferred).softplus().average() + (other - preferred.average()).softplus().average()).scaled(by: 0.5)
    }
  }
}
