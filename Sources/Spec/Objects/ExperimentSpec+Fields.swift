extension ExperimentSpec {
  /// A whole experiment in `language`.
  static func schema(_ language: Language) -> ObjectSchema<ExperimentSpec> {
    ObjectSchema(
      name: "an experiment", blank: blank(language),
      fields: [
        .constant("version", ExperimentSpec.version, "Version of the spec's language"),
        Field(
          "name", \.name, .name, "Name of the experiment and of its folder under runs", default: .required, example: "mel-icon"),
        Field("seed", \.seed, .integer(0...UInt64.max), "Where every random number comes from; equal seeds give equal runs"),
        Field("data", \.data, .object(DataSpec.schema(language.augmentations)), "The images", default: .required),
        Field("generator", \.generator, .object(GeneratorSpec.schema(language)), "The network that draws", default: .required),
        Field(
          "discriminator", \.discriminator, .object(DiscriminatorSpec.schema(language)), "The network that judges",
          default: .required),
        Field("schedule", \.schedule, .object(ScheduleSpec.schema), "What is trained when", default: .required),
        Field("optimizer", \.optimizer, "How the weights are updated") { spec in
          OptimizerSpec.type(language.optimizers, schedule: spec.schedule)
        },
        Field("loss", \.loss, .object(LossSpec.schema(language.losses)), "What is minimized", default: .required),
        Field("record", \.record, .object(RecordSpec.schema(language.measures)), "What a run writes and how often, in iterations"),
        Field(
          "watch", \.watch,
          .list(of: WatchRuleSpec.type(language.watchActions), blank: WatchRuleSpec.blank(language.watchActions), count: 0...100),
          "Rules that a run keeps by itself, asked after every iteration", example: "[{when: gradient_norm > 50 for 200, do: stop}]"
        ),
      ])
  }

  /// A spec with every default, and nothing useful in the required settings.
  private static func blank(_ language: Language) -> ExperimentSpec {
    ExperimentSpec(
      name: "", data: DataSpec.schema(language.augmentations).blank, generator: GeneratorSpec.schema(language).blank,
      discriminator: DiscriminatorSpec.schema(language).blank,
      schedule: ScheduleSpec.schema.blank, optimizer: OptimizerSpec.blank(language.optimizers),
      loss: LossSpec(generator: [], discriminator: []), record: RecordSpec.schema(language.measures).blank)
  }
}
