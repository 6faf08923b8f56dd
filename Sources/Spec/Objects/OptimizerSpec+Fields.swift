extension OptimizerSpec {
  /// `optimizer`, beside the schedule that the rate drops refer to.
  static func schema(schedule: ScheduleSpec) -> ObjectSchema<OptimizerSpec> {
    ObjectSchema(
      name: "optimizer", blank: OptimizerSpec(generator: AdamSpec(), discriminator: AdamSpec()),
      fields: [
        Field("adam", \.adam, .object(AdamSpec.schema), "Adam's settings for both networks"),
        Field(
          "generator", \.generator, .object(AdamSpec.networkSchema("generator")), "What differs for the generator",
          default: .same(as: \.adam, key: "optimizer")),
        Field(
          "discriminator", \.discriminator, .object(AdamSpec.networkSchema("discriminator")), "What differs for the discriminator",
          default: .same(as: \.adam, key: "optimizer")),
        Field("reset", \.reset, .choice, "When Adam's moments are cleared; phase: when a phase begins and when its fade ends"),
        Field(
          "drops", \.drops,
          .list(
            of: .object(RateDropSpec.schema(schedule: schedule)), blank: RateDropSpec(resolution: 0, after: 0, rate: 0),
            count: 0...100),
          "Where the learning rate of both networks changes", example: "[{resolution: 256, after: 11250, rate: 1e-4}]"),
      ])
  }
}

extension AdamSpec {
  /// `optimizer.adam`.
  static var schema: ObjectSchema<AdamSpec> {
    ObjectSchema(
      name: "adam", blank: AdamSpec(),
      fields: [
        Field("rate", \.rate, .number(.above(0, to: 1)), "Learning rate"),
        Field("beta1", \.beta1, .number(.from(0, below: 1)), "Decay of the mean of the gradients"),
        Field("beta2", \.beta2, .number(.from(0, below: 1)), "Decay of the mean of their squares"),
        Field("epsilon", \.epsilon, .number(.above(0, to: 1)), "Keeps the division away from zero"),
      ])
  }

  /// `optimizer.generator` and `optimizer.discriminator`.
  static func networkSchema(_ name: String) -> ObjectSchema<AdamSpec> {
    ObjectSchema(
      name: name, blank: AdamSpec(), fields: [Field("adam", \.self, .object(schema), "Adam's settings that differ")])
  }
}

extension RateDropSpec {
  /// An item of `optimizer.drops`.
  static func schema(schedule: ScheduleSpec) -> ObjectSchema<RateDropSpec> {
    ObjectSchema(
      name: "a rate drop", blank: RateDropSpec(resolution: 0, after: 0, rate: 0),
      fields: [
        Field(
          "resolution", \.resolution, .powerOfTwo(SpecLimits.resolutions), "Resolution of the phase", default: .required,
          example: "256"),
        Field("after", \.after, "Length of the phase before the drop; in iterations or kimg", default: .required, example: "11250")
        {
          drop in
          .length(batch: schedule.phases.first { $0.resolution == drop.resolution }?.batch ?? schedule.batch)
        },
        Field("rate", \.rate, .number(.above(0, to: 1)), "The learning rate from there on", default: .required, example: "1e-4"),
      ])
  }
}
