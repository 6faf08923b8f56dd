extension ScheduleSpec {
  static var schema: ObjectSchema<ScheduleSpec> {
    ObjectSchema(
      name: "schedule", blank: ScheduleSpec(batch: SpecLimits.batch.lowerBound, phases: []),
      fields: [
        Field("batch", \.batch, .integer(SpecLimits.batch), "Images a batch", default: .required, example: "8"),
        Field("order", \.order, .choice, "Which network is updated first in an iteration"),
        Field(
          "critic_steps", \.criticSteps, .integer(1...1000),
          "Steps of the discriminator in an iteration, each with other images (Arjovsky et al. 2017)"),
        Field("blend_reals", \.blendReals, .flag, "Whether real images fade in together with the networks"),
        Field(
          "phases", \.phases, "The phases, from the lowest resolution up", default: .required,
          example: "[{resolution: 4, hold: 7500}, {resolution: 8, fade: 7500}]"
        ) { schedule in
          .list(
            of: .object(PhaseSpec.schema(batch: schedule.batch, steps: schedule.criticSteps)), blank: PhaseSpec(resolution: 0),
            count: 1...9)
        },
      ])
  }
}

extension PhaseSpec {
  /// An item of `schedule.phases`, for a schedule with batches of `batch` images, `steps` of them in an iteration.
  static func schema(batch: Int, steps: Int) -> ObjectSchema<PhaseSpec> {
    ObjectSchema(
      name: "a phase", blank: PhaseSpec(resolution: 0),
      fields: [
        Field(
          "resolution", \.resolution, .powerOfTwo(SpecLimits.resolutions),
          "Side of the images in pixels, twice that of the phase before",
          default: .required, example: "4"),
        Field(
          "batch", \.batch, .optional(.integer(SpecLimits.batch), blank: batch), "Images a batch in this phase",
          default: .derived("that of `schedule.batch`")),
        Field("fade", \.fade, "Length of the fade, in which the new resolution is blended in; in iterations or kimg") { phase in
          .length(batch: (phase.batch ?? batch) * steps)
        },
        Field("hold", \.hold, "Length of what follows at full strength; in iterations or kimg") { phase in
          .length(batch: (phase.batch ?? batch) * steps)
        },
      ])
  }
}
