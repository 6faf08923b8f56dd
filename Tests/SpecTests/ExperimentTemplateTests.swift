import Basics
import Studies
import Testing

@testable import Spec

@Suite struct ExperimentTemplateTests {
  private static let text = """
    version: 2
    name: tiny
    data: {folder: icons}
    generator: {latent: 5, widths: [8, 6]}
    discriminator: {top: 7, widths: [8, 6]}
    schedule: {batch: 4, phases: [{resolution: 4, hold: 4}, {resolution: 8, fade: 2, hold: 2}]}
    loss: {generator: {}, discriminator: {}}
    """

  private func outcome(_ read: () throws -> ExperimentSpec) -> String {
    do {
      let spec = try read()
      return spec.yaml
    } catch {
      return (error as? Diagnostics)?.rendered ?? "\(error)"
    }
  }

  @Test(arguments: [
    [], ["schedule.batch=8"], ["schedule.batch=8", "schedule.batch=9"], ["schedule.batch=eight", "nothing.here=1"], ["~seed"],
    ["generator.widths=[8]"], ["data.folder=/else/where"], ["=", "schedule.phases.7.hold=1"], ["optimizer.adam.rat=1"],
  ]) func `a variant of a template is what reading the file gives, mistakes included`(overrides: [String]) {
    for shared in [[], ["seed=3"], ["generator.latent=6", "schedule.phases.0.hold=9"]] {
      let read = outcome {
        try ExperimentSpec.read(text: Self.text, path: "/x/a.yaml", overrides: shared + overrides, language: .fadein)
      }
      let made = outcome {
        try ExperimentTemplate(text: Self.text, path: "/x/a.yaml", overrides: shared, language: .fadein).spec(overrides)
      }
      #expect(made == read)
    }
  }
}
