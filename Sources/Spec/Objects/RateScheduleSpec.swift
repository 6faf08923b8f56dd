/// `optimizer.schedule`: how learning rates move over a training.
package struct RateScheduleSpec: Equatable, Sendable {
  package enum Decay: String, CaseIterable, Sendable { case none, linear, cosine }

  package init() {}

  /// The part in which rates rise from nothing.
  package var warmup = TrainingSpan.none
  /// The part after it in which they stay.
  package var hold = TrainingSpan.none
  /// How they fall from there to the end.
  package var decay = Decay.none
  /// The share of them that is left at the end.
  package var to = 0.0

  static var schema: ObjectSchema<RateScheduleSpec> {
    ObjectSchema(
      name: "schedule", blank: RateScheduleSpec(),
      fields: [
        Field("warmup", \.warmup, .span, "Length in which rates rise from nothing, in iterations or kimg"),
        Field("hold", \.hold, .span, "Length after that in which they stay, in iterations or kimg"),
        Field(
          "decay", \.decay, .choice,
          "How they fall from there to the end of the schedule: along a line, or along half a wave of the cosine"),
        Field("to", \.to, .number(.from(0, to: 1)), "The share of the rate that is left at the end"),
      ])
  }
}

/// `optimizer.clip`: what is cut off from the gradients of each step; 0: nothing.
package struct ClipSpec: Equatable, Sendable {
  package var value = 0.0
  package var norm = 0.0

  static var schema: ObjectSchema<ClipSpec> {
    ObjectSchema(
      name: "clip", blank: ClipSpec(),
      fields: [
        Field("value", \.value, .number(.atLeast(0)), "The largest number, up or down, that a gradient keeps; 0: any"),
        Field(
          "norm", \.norm, .number(.atLeast(0)),
          "The largest Euclidean norm of all gradients of a network together, to which longer ones are scaled; 0: any"),
      ])
  }
}
