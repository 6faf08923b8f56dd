import Basics
import Models
import Testing

@testable import Spec

/// From version 1 of the language to the present one.
@Suite struct UpgradeTests {
  /// Version 1 with `generator` and `discriminator` lines.
  private func first(_ generator: [String] = [], _ discriminator: [String] = []) -> String {
    func lines(_ lines: [String]) -> String { lines.map { "  \($0)\n" }.joined() }
    return minimalSpec.replacing("version: 2", with: "version: 1")
      .replacing("generator:\n", with: "generator:\n" + lines(generator), maxReplacements: 1)
      .replacing("discriminator:\n", with: "discriminator:\n" + lines(discriminator), maxReplacements: 1)
  }

  private static let changes: [(String, [String], [String])] = [
    ("nothing", [], []), ("slope", ["leak: 0.1"], ["leak: 0.3"]), ("border", ["padding: zeros"], []),
    ("rate", ["equalized_rate: weight"], ["equalized_rate: none"]),
    ("norm after", ["pixel_norm: {place: after_activation, form: epsilon_inside, epsilon: 1e-6}"], []),
    ("no norm", ["pixel_norm: {place: none}"], ["pixel_norm: {place: none}"]),
    ("vector", ["latent_form: vector"], []), ("scaled vector", ["latent_form: vector", "equalized_rate: weight"], []),
    ("deviation", [], ["minibatch_deviation: false"]), ("groups", [], ["minibatch_group: 2", "minibatch_estimator: population"]),
    ("read", [], ["from_rgb_activation: true"]), ("read scaled", [], ["from_rgb_activation: true", "equalized_rate: weight"]),
  ]

  @Test(arguments: changes)
  func `an upgraded text is the spec that a run of version 1 has`(_ name: String, _ generator: [String], _ discriminator: [String])
    throws
  {
    let text = first(generator, discriminator)
    let recorded = try ExperimentSpec.read(text: text, path: "/tmp/experiments/s.yaml", language: .fadein, isRecorded: true)
    let upgraded = try #require(try ExperimentSpec.upgraded(text: text, path: "/tmp/experiments/s.yaml"))
    #expect(upgraded.hasPrefix("version: 2\n"))
    #expect(try read(upgraded) == recorded)
    #expect(try ExperimentSpec.upgraded(text: upgraded, path: "s.yaml") == nil)
  }

  @Test func `comments stay where their line does`() throws {
    let text = first(["# What is drawn.", "leak: 0.1    # gentle", "output: tanh  # from -1"])
    let upgraded = try #require(try ExperimentSpec.upgraded(text: text, path: "s.yaml"))
    #expect(upgraded.contains("  # What is drawn.\n") && upgraded.contains("  output: tanh  # from -1\n"))
    #expect(!upgraded.contains("gentle") && upgraded.contains("  layers: {leaky_relu: {slope: 0.1}}\n"))
  }

  @Test func `a map in one line is written anew`() throws {
    let text = minimalSpec.replacing("version: 2", with: "version: 1")
      .replacing("generator:\n  latent: 16\n  widths: [16, 8]\n", with: "generator: {latent: 16, widths: [16, 8], leak: 0.1}\n")
    #expect(text.contains("leak"))
    let upgraded = try #require(try ExperimentSpec.upgraded(text: text, path: "s.yaml"))
    #expect(try read(upgraded).generator.layers.contains { $0.yaml.flow.hasPrefix("{slope: 0.1,") })
  }

  @Test func `nothing is lost where a line holds more than one setting`() throws {
    let text = """
      {"name": "a1", "version": 1, "data": {"folder": "icons"}, "generator": {"latent": 4, "widths": [4], "leak": 0.1}, "discriminator": {"top": 4, "widths": [4], "padding": "zeros"},
       "schedule": {"batch": 2, "phases": [{"resolution": 4, "hold": 1}]}, "loss": {"generator": {"wasserstein": {}}, "discriminator": {"wasserstein": {}}}}
      """
    let recorded = try ExperimentSpec.read(text: text, path: "/tmp/experiments/s.yaml", language: .fadein, isRecorded: true)
    let upgraded = try #require(try ExperimentSpec.upgraded(text: text, path: "/tmp/experiments/s.yaml"))
    #expect(try read(upgraded) == recorded && recorded.name == "a1")
  }

  @Test func `a file of version 1 is answered by what became of each key`() {
    let error = #expect(throws: Diagnostics.self) { try read(first(["leak: 0.1"], ["minibatch_group: 2"])) }
    #expect(error?.items.count == 1)
    #expect(
      error?.items[0].note
        == "fadein upgrade FILE writes the new one: generator.leak is now layers.leaky_relu.slope; discriminator.minibatch_group is now "
        + "layers.minibatch_deviation.group")
  }
}
