import Basics
import Foundation
import Testing

@testable import Spec

@Suite struct ReadingTests {
  @Test func `a minimal spec gets every default`() throws {
    let spec = try read(minimalSpec)
    #expect(spec.name == "minimal")
    #expect(spec.seed == 0)
    #expect(spec.data.path == "/tmp/experiments/icons")
    #expect(spec.data.folder == "icons")
    #expect(spec.data.resolution == 8, "the last phase's")
    #expect(spec.generator == GeneratorSpec(latent: 16, widths: [16, 8]))
    #expect(spec.discriminator == DiscriminatorSpec(top: 16, widths: [16, 8]))
    #expect(spec.schedule.phases == [PhaseSpec(resolution: 4, hold: 10), PhaseSpec(resolution: 8, fade: 10)])
    #expect(spec.optimizer == OptimizerSpec(generator: AdamSpec(), discriminator: AdamSpec()))
    #expect(spec.record == RecordSpec())
  }

  @Test func `a spec written and read again is the same`() throws {
    var spec = try read(minimalSpec)
    let text = spec.yaml(terms: testTerms)
    spec.data.folder = spec.data.path
    #expect(try ExperimentSpec.read(text: text, path: "/elsewhere/spec.yaml", terms: testTerms) == spec)
  }
}
