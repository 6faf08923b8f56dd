/// `optimizer`: how the weights of both networks are updated, with overrides and rate drops.
package struct OptimizerSpec: Equatable, Sendable {
  /// When slots and counts are cleared.
  package enum Reset: String, CaseIterable, Sendable {
    case never
    /// When a phase begins and when its fade ends.
    case phase
  }

  /// What the spec says for both networks; ``networks`` are what counts.
  package var both: Choice
  package var networks: PerNetwork<Choice>
  package var reset = Reset.never
  package var drops: [RateDropSpec] = []
  /// How rates move beside that; nil: they do not.
  package var schedule: RateScheduleSpec?
  /// What is cut off from gradients; nil: nothing.
  package var clip: ClipSpec?
  /// The largest weight of the discriminator, up or down; nil: any.
  package var weightClip: Double?

  /// The same optimizer for both networks.
  package init(_ both: Choice) {
    self.both = both
    networks = PerNetwork(generator: both, discriminator: both)
  }

  package subscript(network: NetworkRole) -> Choice { networks[network] }
}

/// From iteration `after` + 1 of the phase at `resolution` on, the rate is `rate`.
package struct RateDropSpec: Equatable, Sendable {
  package var resolution: Int
  package var after: Int
  package var rate: Double
}

extension OptimizerSpec {
  /// The default of a spec that names none: the first of `optimizers`.
  static func blank(_ optimizers: Catalog) -> OptimizerSpec { OptimizerSpec(optimizers.choices.first ?? .none) }

  /// `optimizer` with these to choose from, beside the schedule that the rate drops refer to.
  static func type(_ optimizers: Catalog, schedule: ScheduleSpec) -> FieldType<OptimizerSpec> {
    func differing(_ network: NetworkRole) -> Field<OptimizerSpec> {
      Field(
        network.rawValue, network == .generator ? \.networks.generator : \.networks.discriminator,
        .optimizer(of: optimizers, network), "What differs for the \(network)", default: .same(as: \.both, key: "optimizer"))
    }
    let others: [Field<OptimizerSpec>] = [
      differing(.generator), differing(.discriminator),
      Field("reset", \.reset, .choice, "When Adam's moments are cleared; phase: when a phase begins and when its fade ends"),
      Field(
        "drops", \.drops,
        .list(
          of: .object(RateDropSpec.schema(schedule: schedule)), blank: RateDropSpec(resolution: 0, after: 0, rate: 0),
          count: 0...100),
        "Where the learning rate of both networks changes", example: "[{resolution: 256, after: 11250, rate: 1e-4}]"),
      Field(
        "schedule", \.schedule, .optional(.object(RateScheduleSpec.schema), blank: RateScheduleSpec()),
        "How learning rates move over the training", example: "{warmup: 2kimg, decay: cosine}"),
      Field(
        "clip", \.clip, .optional(.object(ClipSpec.schema), blank: ClipSpec()), "What is cut off from the gradients of each step",
        example: "{norm: 1}"),
      Field(
        "weight_clip", \.weightClip, .optional(.number(.above(0)), blank: 0),
        "The largest weight, up or down, that the discriminator keeps after a step (Arjovsky et al. 2017)", example: "0.01"),
    ]
    let blank = blank(optimizers)
    let choices = optimizers.choices.map { Field<OptimizerSpec>($0.key, \.both, .settings(of: $0), $0.erasedSchema.doc) }
    var type = FieldType.object(ObjectSchema(name: "optimizer", blank: blank, fields: choices + others)).withOne(of: optimizers)
    type.write = { spec in
      guard case .mapping(let rest) = ObjectSchema(name: "optimizer", blank: blank, fields: others).write(spec) else { return nil }
      return .mapping([(key: spec.both.key, value: spec.both.yaml)] + rest)
    }
    return type
  }
}

extension FieldType where Value == Choice {
  /// The settings of `choice`, which becomes the choice where they are given.
  fileprivate static func settings(of choice: Choice) -> Self {
    let schema = choice.erasedSchema
    return FieldType(
      expected: schema.expected, schema: schema.schema,
      read: { node, value, reader in
        if value.type != choice.type { value = choice }
        schema.read(node, into: &value, &reader)
      },
      write: { $0.type == choice.type ? $0.yaml : nil }, settings: schema.settings)
  }

  /// `optimizer.generator` and `optimizer.discriminator`.
  fileprivate static func optimizer(of optimizers: Catalog, _ network: NetworkRole) -> Self {
    let fields = optimizers.choices.map { Field<Choice>($0.key, \.self, .settings(of: $0), $0.erasedSchema.doc) }
    let schema = ObjectSchema(name: network.rawValue, blank: optimizers.choices.first ?? .none, fields: fields)
    var type = FieldType.object(schema).withOne(of: optimizers)
    type.write = { .mapping([(key: $0.key, value: $0.yaml)]) }
    return type
  }
}

extension FieldType {
  /// The same map, in which at most one of the optimizers may stand.
  fileprivate func withOne(of optimizers: Catalog) -> Self {
    var type = self
    type.read = { node, value, reader in
      let named = node.entries?.filter { optimizers.keys.contains($0.key) } ?? []
      if named.count > 1 {
        reader.report(node, expected: "a map with one of " + optimizers.keys.joined(separator: ", "), entries: named)
      }
      read(node, &value, &reader)
    }
    return type
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
          .length(batch: schedule.images(schedule.phases.first { $0.resolution == drop.resolution }))
        },
        Field("rate", \.rate, .number(.above(0, to: 1)), "The learning rate from there on", default: .required, example: "1e-4"),
      ])
  }
}
