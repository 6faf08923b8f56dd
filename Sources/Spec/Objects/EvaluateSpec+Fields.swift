extension EvaluateSpec {
  /// `record.evaluate`.
  static var schema: ObjectSchema<EvaluateSpec> {
    ObjectSchema(
      name: "evaluate", blank: EvaluateSpec(),
      fields: [
        Field(
          "every", \.every, .integer(0...SpecLimits.iterations.upperBound),
          "Iterations between two evaluations; the end of each phase has one in any case; 0 never evaluates"),
        Field(
          "images", \.images, .integer(2...65_536),
          "Images drawn for an evaluation, and real ones that they are compared with, as far as there are enough"),
        Field(
          "metrics", \.metrics, .list(of: .choice, blank: .swd, count: 1...Metric.allCases.count),
          "What is measured: distance of patches by resolution, similarity of drawn images, nearness to training images"),
      ])
  }
}
