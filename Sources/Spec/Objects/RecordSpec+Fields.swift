extension RecordSpec {
  /// `record` with these measures to choose from.
  static func schema(_ measures: Catalog) -> ObjectSchema<RecordSpec> {
    ObjectSchema(
      name: "record", blank: RecordSpec(evaluate: EvaluateSpec(metrics: measures.choices)),
      fields: [
        Field("metrics", \.metrics, .integer(SpecLimits.iterations), "Iterations between two rows of metrics.csv"),
        Field("samples", \.samples, .object(SamplesSpec.schema), "Grids of generated images"),
        Field("checkpoints", \.checkpoints, .object(CheckpointsSpec.schema), "States from which a run can go on"),
        Field(
          "evaluate", \.evaluate, .object(EvaluateSpec.schema(measures)),
          "How good and how varied drawn images are: evaluations.csv"),
      ])
  }
}

extension SamplesSpec {
  static var schema: ObjectSchema<SamplesSpec> {
    ObjectSchema(
      name: "samples", blank: SamplesSpec(),
      fields: [
        Field("every", \.every, .integer(SpecLimits.iterations), "Iterations between two grids"),
        Field(
          "count", \.count, .integer(1...1024), "Images that show the same latents in every grid; as many fresh ones stand below"),
      ])
  }
}

extension CheckpointsSpec {
  static var schema: ObjectSchema<CheckpointsSpec> {
    ObjectSchema(
      name: "checkpoints", blank: CheckpointsSpec(),
      fields: [
        Field("every", \.every, .integer(SpecLimits.iterations), "Iterations between two checkpoints"),
        Field(
          "keep", \.keep, .integer(2...1000), "How many of the newest stay; two, so that one is whole while another is written"),
        Field("phases", \.phases, .flag, "Whether one is written at the end of each phase and stays"),
        Field(
          "best", \.best, .optional(.object(BestSpec.schema), blank: BestSpec.schema.blank),
          "Of all that are written, the one with the best value of a column stays", example: "{column: loss.generator, order: min}"),
      ])
  }
}

extension BestSpec {
  static var schema: ObjectSchema<BestSpec> {
    ObjectSchema(
      name: "best", blank: BestSpec(column: ""),
      fields: [
        Field(
          "column", \.column, .text("a column of metrics.csv or evaluations.csv"),
          "The column of metrics.csv or evaluations.csv that is compared", default: .required, example: "loss.generator"),
        Field("order", \.order, .choice, "Whether its lowest or its highest value is the best"),
      ])
  }
}
