import Testing

@Suite struct ExplainTests {
  @Test func `a path tells of the setting there`() throws {
    let outcome = try Program.run("explain", "optimizer.adam.rate", in: Scratch())
    #expect(outcome.exitCode == 0)
    #expect(
      outcome.output == """
        optimizer.adam.rate
          Learning rate
          a number above 0 and up to 1; default: 0.0005

        """)
  }

  @Test(arguments: [
    ("loss.discriminator.gradient_penalty", "loss.discriminator.gradient_penalty.weight"),
    ("schedule.phases.0.hold", "schedule.phases.N.hold"), ("schedule.phases.N", "schedule.phases.N.fade"),
    ("Beta1", "optimizer.adam.beta1"), ("learning rate", "optimizer.adam.rate"), ("", "record.checkpoints.keep"),
  ])
  func `a part of a path or a word of its meaning finds it`(word: String, path: String) throws {
    let outcome = try Program.run("explain", word, in: Scratch())
    #expect(outcome.exitCode == 0)
    #expect(outcome.lines.contains(path), "\(outcome.output)")
  }

  @Test func `a slip is answered with the step that was meant`() throws {
    let outcome = try Program.run("explain", "optimizer.adam.rte", in: Scratch())
    #expect((outcome.exitCode, outcome.output) == (64, ""))
    #expect(outcome.errors.hasPrefix("error: there is no setting or column 'optimizer.adam.rte'\n  did you mean 'rate'?\n"))
  }
}
