extension WatchRuleSpec {
  /// An item of `watch`.
  static var schema: ObjectSchema<WatchRuleSpec> {
    ObjectSchema(
      name: "a watch rule", blank: blank,
      fields: [
        Field(
          "when", \.when, .condition,
          "A column of metrics.csv and what its value must be: above (>), >=, <, <=, ==, != a number, is finite, is not finite; for N: in N iterations in a row",
          default: .required, example: "gradient_norm > 50 for 200"),
        Field(
          "do", \.action, .choice,
          "What is done then: end the run; write a checkpoint; return to the last regular checkpoint before it began, with lower rates; lower the rates",
          default: .required, example: "stop"),
        Field(
          "factor", \.factor, .optional(.number(.between(0, and: 1)), blank: standardFactor),
          "What both learning rates are multiplied by, each time", default: .derived("0.5 for roll back and lower rate")),
        Field(
          "times", \.times, .optional(.integer(1...1000), blank: standardTimes),
          "How often this rule may roll back; the next time it stops the run", default: .derived("3 for roll back")),
      ])
  }

  static var blank: WatchRuleSpec { WatchRuleSpec(when: WatchCondition(column: "", test: .isFinite), action: .stop) }
}
