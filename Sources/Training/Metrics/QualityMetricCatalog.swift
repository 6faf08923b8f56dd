import Spec

/// Every quality metric.
package enum QualityMetricCatalog {
  package static let metrics: [any QualityMetric.Type] = [
    SlicedWasserstein.self,
    MultiscaleSimilarity.self,
    Memorisation.self,
  ]

  /// The metric that a spec asks for.
  package static func metric(_ kind: EvaluateSpec.Metric) -> any QualityMetric {
    guard let type = metrics.first(where: { $0.kind == kind }) else { preconditionFailure("nothing measures '\(kind.rawValue)'") }
    return type.init()
  }
}
