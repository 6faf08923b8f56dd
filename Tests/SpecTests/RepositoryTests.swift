import Basics
import Foundation
import Models
import Studies
import Testing

@testable import Spec

/// What the repository ships must fit the code.
@Suite struct RepositoryTests {
  static let experiments: [String] = {
    let folder = repository.appending(path: "experiments").path
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(".yaml") && !$0.hasSuffix(".sweep.yaml") }.sorted()
  }()

  private func spec(_ file: String) throws -> ExperimentSpec {
    try ExperimentSpec.read(path: repository.appending(path: "experiments/\(file)").path, language: .fadein, checkingFiles: false)
  }

  @Test(arguments: experiments) func `an experiment is valid and named after its file`(file: String) throws {
    do {
      #expect(try spec(file).name + ".yaml" == file)
    } catch let diagnostics as Diagnostics {
      Issue.record("\(diagnostics.rendered)")
    }
    let text = try String(contentsOf: repository.appending(path: "experiments/\(file)"), encoding: .utf8)
    #expect(text.hasPrefix("# yaml-language-server: $schema=../schemas/experiment.schema.json\n"))
  }

  @Test func `the icon experiment is the one that was published`() throws {
    let spec = try spec("mel-icon.yaml")
    #expect(spec.generator.latent == 512 && spec.generator.widths == [256, 128, 64, 32, 16, 8, 4])
    #expect(spec.discriminator.top == 512 && spec.discriminator.widths == [256, 128, 64, 32, 16, 8, 4])
    let kinds = ["convolution", "pixel_norm", "leaky_relu", "convolution", "pixel_norm", "leaky_relu"]
    #expect(spec.generator.start.map(\.kind) == kinds && spec.generator.block.map(\.kind) == ["upsample"] + kinds)
    #expect(spec.discriminator.block.map(\.kind) == kinds + ["downsample"])
    #expect(spec.discriminator.end.map(\.kind) == ["minibatch_deviation"] + kinds)
    #expect(spec.schedule.phases.map(\.resolution) == [4, 8, 16, 32, 64, 128, 256])
    #expect(spec.schedule.phases.map { $0.fade + $0.hold }.reduce(0, +) == 60_000)
    #expect(spec.schedule.batch == 8)
    #expect(spec.optimizer[.generator] == Choice(Adam.self, .init(rate: 5e-4, beta1: 0, beta2: 0.99, epsilon: 1e-8)))
    #expect(spec.optimizer.drops == [RateDropSpec(resolution: 256, after: 11_250, rate: 1e-4)])
    #expect(spec.loss.discriminator.map(\.key) == ["wasserstein", "gradient_penalty", "drift"])
  }

  @Test func `the original differs in every choice that it made otherwise`() throws {
    let (seed, original) = (try spec("mel-64.yaml"), try spec("original-pggan-64.yaml"))
    let words = { (spec: ExperimentSpec) in
      Dictionary(uniqueKeysWithValues: spec.settings.map { ($0.path, $0.value) })
    }
    let (a, b) = (words(seed), words(original))
    for path in [
      "generator.latent_form", "generator.latent_norm", "generator.layers.pixel_norm.form", "generator.start", "generator.block",
      "generator.layers.convolution.equalized_rate", "generator.layers.convolution.border", "generator.output", "generator.average",
      "discriminator.layers.minibatch_deviation.group", "discriminator.layers.minibatch_deviation.estimator", "discriminator.end",
      "discriminator.layers.convolution.equalized_rate", "discriminator.layers.convolution.border", "discriminator.from_rgb",
      "schedule.order", "schedule.blend_reals", "optimizer.reset", "optimizer.adam.rate",
    ] {
      #expect(a[path] != nil && b[path] != nil && a[path] != b[path], "\(path)")
    }
  }

  @Test func `the schema is JSON`() throws {
    let schema = ExperimentSpec.jsonSchema(.fadein)
    #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(schema.utf8)) }
  }

  @Test func `the reference has a row for each setting of a resolved spec`() throws {
    let reference = ExperimentSpec.reference(.fadein)
    for (path, _) in try spec("original-pggan-64.yaml").settings where !path.hasSuffix("augment") {
      let steps = path.split(separator: ".").map { $0.allSatisfy(\.isNumber) ? "N" : String($0) }
      // A setting of a layer in a list is described once, with the kind of the layer.
      let isOfList = steps.count == 4 && ["start", "block", "to_rgb", "from_rgb", "end", "head"].contains(steps[1])
      let row = isOfList ? "\(steps[0]).layers.convolution.\(steps[3])" : steps.joined(separator: ".")
      #expect(reference.contains("| `\(row)` |"), "\(row)")
    }
  }
}
