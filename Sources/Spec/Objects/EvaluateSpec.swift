/// `record.evaluate`: what is measured of drawn images, and how often.
package struct EvaluateSpec: Equatable, Sendable {
  /// Iterations between two rows of `evaluations.csv`, beside those at the phases' ends; 0 is never.
  package var every = 2500
  /// Images drawn for an evaluation.
  package var images = 1024
  /// Each a measure.
  package var metrics: [Choice] = []

  /// `record.evaluate` with these measures to choose from; without a choice all are taken.
  static func schema(_ measures: Catalog) -> ObjectSchema<EvaluateSpec> {
    ObjectSchema(
      name: "evaluate", blank: EvaluateSpec(metrics: measures.choices),
      fields: [
        Field(
          "every", \.every, .integer(0...SpecLimits.iterations.upperBound),
          "Iterations between two evaluations; the end of each phase has one in any case; 0 never evaluates"),
        Field(
          "images", \.images, .integer(2...65_536),
          "Images drawn for an evaluation, and real ones that they are compared with, as far as there are enough"),
        Field(
          "metrics", \.metrics, .keys(of: measures),
          "What is measured: distance of patches by resolution, similarity of drawn images, nearness to training images"),
      ])
  }

  /// The measured columns of `evaluations.csv` when images have up to `resolution` pixels a side, whether or not anything is evaluated.
  package func columns(resolution: Int) -> [MeasureColumn] { metrics.flatMap { $0.columns(resolution: resolution) } }
}
