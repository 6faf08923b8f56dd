import Basics
import Testing

@testable import Models
@testable import Spec

@Suite struct OverrideTests {
  @Test func `an override sets a value`() throws {
    let spec = try read(minimalSpec, overrides: ["optimizer.adam.rate=1e-3", "name=other", "generator.widths=[4, 2]"])
    #expect(spec.optimizer[.generator].rate == 1e-3)
    #expect(spec.optimizer[.discriminator].rate == 1e-3)
    #expect(spec.name == "other")
    #expect(spec.generator.widths == [4, 2])
  }

  @Test func `an override reaches into lists, counted from 0`() throws {
    let spec = try read(minimalSpec, overrides: ["schedule.phases.0.hold=100", "schedule.phases.1={resolution: 8, hold: 3}"])
    #expect(spec.schedule.phases == [PhaseSpec(resolution: 4, hold: 100), PhaseSpec(resolution: 8, hold: 3)])
  }

  @Test func `an override removes`() throws {
    let adding = ["loss.discriminator.drift={}", "loss.discriminator.gradient_penalty.weight=3"]
    #expect(
      try read(minimalSpec, overrides: adding).loss.discriminator.map(\.key) == ["wasserstein", "drift", "gradient_penalty"])
    let spec = try read(
      minimalSpec,
      overrides: adding + ["~loss.discriminator.drift", "~schedule.phases.1", "generator.widths=[8]", "discriminator.widths=[8]"])
    #expect(spec.loss.discriminator.map(\.key) == ["wasserstein", "gradient_penalty"])
    #expect(spec.loss.discriminator[1] == Choice(GradientPenalty.self, .init(weight: 3, target: 1)))
    #expect(spec.schedule.phases.count == 1)
  }

  @Test func `the last override counts`() throws {
    #expect(try read(minimalSpec, overrides: ["seed=1", "seed=2"]).seed == 2)
  }

  @Test func `an override mends a wrong value`() throws {
    let broken = minimalSpec.replacing("batch: 4", with: "batch: four")
    #expect(try read(broken, overrides: ["schedule.batch=6"]).schedule.batch == 6)
  }

  @Test(arguments: [
    (
      "optimizer.adam.rte=1e-3",
      """
      override 1:1:16: error: 'rte' is not a setting of adam
        1 | optimizer.adam.rte=1e-3
          |                ^~~ did you mean 'rate'?
      """
    ),
    (
      "schedule.batch=many",
      """
      override 1:1:16: error: schedule.batch must be an integer from 2 to 4096, not 'many'
        1 | schedule.batch=many
          |                ^~~~
      """
    ),
    (
      "schedule.batch=",
      """
      override 1:1:15: error: schedule.batch must be an integer from 2 to 4096, not nothing
        1 | schedule.batch=
          |               ^
      """
    ),
    (
      "~loss.discriminator.drfit",
      """
      override 1:1:21: error: loss.discriminator has no 'drfit' to remove
        1 | ~loss.discriminator.drfit
          |                     ^~~~~
      """
    ),
    (
      "~loss.discriminator.waserstein",
      """
      override 1:1:21: error: loss.discriminator has no 'waserstein' to remove
        1 | ~loss.discriminator.waserstein
          |                     ^~~~~~~~~~ did you mean 'wasserstein'?
      """
    ),
    (
      "schedule.phases.2.hold=1",
      """
      override 1:1:17: error: schedule.phases is a list and has no item '2'
        1 | schedule.phases.2.hold=1
          |                 ^
          note: its items are 0 to 1
      """
    ),
    (
      "name.first=a",
      """
      override 1:1:6: error: name is 'minimal' and has no setting 'first'
        1 | name.first=a
          |      ^~~~~
      """
    ),
    (
      "seed",
      """
      override 1:1:1: error: an override is path=value, or ~path to remove a setting
        1 | seed
          | ^~~~
          note: for example optimizer.adam.rate=1e-3
      """
    ),
    (
      "optimizer..rate=1",
      """
      override 1:1:1: error: an override is path=value, or ~path to remove a setting
        1 | optimizer..rate=1
          | ^~~~~~~~~~~~~~~~~
          note: for example optimizer.adam.rate=1e-3
      """
    ),
    (
      "~seed=1",
      """
      override 1:1:1: error: an override is path=value, or ~path to remove a setting
        1 | ~seed=1
          | ^~~~~~~
          note: for example optimizer.adam.rate=1e-3
      """
    ),
    (
      "generator.widths=[1, 2",
      """
      override 1:1:23: error: this is not YAML: did not find expected ',' or ']'
        1 | generator.widths=[1, 2
          |                       ^
          note: the list begins at 1:18
      """
    ),
    (
      "seed=&a 1",
      """
      override 1:1:6: error: seed must be an integer from 0 to 18446744073709551615, not '&a 1'
        1 | seed=&a 1
          |      ^~~~
      """
    ),
    (
      "generator.widths=[&a 1]",
      """
      override 1:1:19: error: a spec has no anchors: leave '&a' out
        1 | generator.widths=[&a 1]
          |                   ^~~~
      """
    ),
    (
      "name=\"a\" #b",
      """
      override 1:1:9: error: the value ends before this, and all of it must count
        1 | name="a" #b
          |         ^~~
          note: a value that begins with a quote ends with it, and has no other: "a \\"b\\" c"
      """
    ),
    (
      "generator.widths=[16, 8] # was [8, 4]",
      """
      override 1:1:25: error: the value ends before this, and all of it must count
        1 | generator.widths=[16, 8] # was [8, 4]
          |                         ^~~~~~~~~~~~~
          note: ' #' begins a comment in a list or map: put the text in quotes
      """
    ),
  ])
  func `a wrong override is shown as it was typed`(override: String, message: String) throws {
    let diagnostics = try #require(throws: Diagnostics.self) { try read(minimalSpec, overrides: [override]) }
    #expect(diagnostics.rendered == message)
    #expect(diagnostics.exitCode == .badData)
  }

  @Test func `mistakes in the file come before those in overrides`() throws {
    let broken = minimalSpec.replacing("batch: 4", with: "batch: four")
    let diagnostics = try #require(throws: Diagnostics.self) {
      try read(broken, overrides: ["sed=1", "x", "generator.layers.leaky_relu.slope=2"])
    }
    #expect(diagnostics.items.map(\.file) == ["/tmp/experiments/spec.yaml", "override 1", "override 2", "override 3"])
  }

  @Test func `a path finds what it names`() throws {
    let source = SourceText(file: "a", text: minimalSpec)
    let root = try #require(YAMLReader.read(minimalSpec, source: source).root)
    let path = try #require(SpecPath("schedule.phases.1.fade"))
    #expect(root.node(at: path)?.summary == "'10'")
    #expect(root.node(at: path)?.mark.position == SourcePosition(line: 15, column: 29, length: 2))
    #expect(root.node(at: SpecPath(steps: ["schedule", "phases", "2"])) == nil)
    #expect(root.nearest(to: SpecPath(steps: ["schedule", "order"])).label?.position?.line == 11)
    #expect(SpecPath("a..b") == nil)
    #expect(SpecPath("") == nil)
  }
}
