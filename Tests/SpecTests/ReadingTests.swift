import Basics
import Foundation
import Images
import Studies
import Testing

@testable import Models
@testable import Spec

@Suite struct ReadingTests {
  @Test func `a minimal spec gets every default`() throws {
    let spec = try read(minimalSpec)
    #expect(spec.name == "minimal")
    #expect(spec.seed == 0)
    #expect(spec.data == DataSpec(folder: "icons", path: "/tmp/experiments/icons", resolution: 8))
    #expect(spec.generator.latent == 16 && spec.generator.latentForm == .grid && spec.generator.output == .sigmoid)
    #expect(
      spec.generator.block.names == ["upsample1", "conv1", "norm1", "relu1", "conv2", "norm2", "relu2"]
        && spec.generator.start.count == 6 && spec.generator.toRGB.count == 1 && spec.generator.at.isEmpty)
    #expect(spec.discriminator.top == 16 && spec.discriminator.end.map(\.kind).first == "minibatch_deviation")
    let convolution = spec.generator.block[1].choice.settings(of: ConvolutionLayer.self)
    #expect(convolution.border == .reflect && convolution.weights.equalizedRate == .input && convolution.weights.bias)
    #expect(spec.schedule.phases == [PhaseSpec(resolution: 4, hold: 10), PhaseSpec(resolution: 8, fade: 10)])
    #expect(spec.optimizer == OptimizerSpec(Choice(Adam.self)))
    #expect(spec.record == RecordSpec(evaluate: EvaluateSpec(metrics: Language.fadein.measures.choices)))
    #expect(spec.loss.discriminator == LossCatalog.terms.discriminator.choices.filter { $0.key == "wasserstein" })
  }

  @Test func `a term without a value has its defaults`() throws {
    let text = minimalSpec.replacing(
      "discriminator: {wasserstein: {}}", with: "discriminator:\n    gradient_penalty:\n    drift: {}\n    wasserstein:")
    let terms = try read(text).loss.discriminator
    #expect(terms.map(\.key) == ["gradient_penalty", "drift", "wasserstein"], "in the order of the file")
    #expect(terms[0] == Choice(GradientPenalty.self, .init(weight: 10, target: 1)))
    #expect(terms[1] == Choice(Drift.self, .init(weight: 0.001)))
  }

  @Test func `kimg become iterations of the phase's own batch, rounded up`() throws {
    let text =
      minimalSpec.replacing("hold: 10}", with: "hold: 60kimg}")
      .replacing("fade: 10}", with: "fade: 0.1kimg, batch: 7}")
      + "\noptimizer:\n  drops: [{resolution: 8, after: 0.05kimg, rate: 0.1}]"
    let spec = try read(text)
    #expect(spec.schedule.phases == [PhaseSpec(resolution: 4, hold: 15_000), PhaseSpec(resolution: 8, fade: 15, batch: 7)])
    #expect(spec.optimizer.drops == [RateDropSpec(resolution: 8, after: 8, rate: 0.1)])
  }

  @Test(arguments: [
    ("60kimg", 15_000), ("0.07kimg", 18), ("1e-3kimg", 1), ("0.0041kimg", 2), ("0kimg", 0), ("1.001kimg", 251),
    ("1e6kimg", 250_000_000),
  ])
  func `a number of images becomes whole batches`(length: String, iterations: Int) throws {
    let text = minimalSpec.replacing("fade: 10}", with: "fade: \(length), hold: 1}")
    #expect(try read(text).schedule.phases[1].fade == iterations)
  }

  @Test func `a network's Adam differs from the common one only where it says so`() throws {
    let text = minimalSpec + "\noptimizer:\n  discriminator: {adam: {rate: 4e-4}}\n  adam: {rate: 1e-4, beta2: 0.9}\n"
    let optimizer = try read(text).optimizer
    #expect(optimizer[.generator] == Choice(Adam.self, .init(rate: 1e-4, beta2: 0.9)))
    #expect(optimizer[.discriminator] == Choice(Adam.self, .init(rate: 4e-4, beta2: 0.9)))
  }

  @Test func `a schedule may start anywhere, and with a fade above 4x4`() throws {
    let text = minimalSpec.replacing("    - {resolution: 4, hold: 10}\n", with: "")
    #expect(try read(text).schedule.phases == [PhaseSpec(resolution: 8, fade: 10)])
  }

  @Test(arguments: [
    ("icons", "/tmp/experiments/icons"), ("../data/x", "/tmp/data/x"), ("/a/b", "/a/b"), ("~/icons", "/tmp/experiments/~/icons"),
  ])
  func `the folder is relative to the spec, and a tilde is a tilde`(folder: String, path: String) throws {
    #expect(try read(minimalSpec.replacing("folder: icons", with: "folder: \(folder)")).data.path == path)
  }

  @Test func `JSON is YAML`() throws {
    let spec = try read(
      """
      {"version": 2, "name": "json", "data": {"folder": "icons"}, "generator": {"latent": 4, "widths": [4]},
       "discriminator": {"top": 4, "widths": [4], "layers": {"convolution": {"bias": false}}},
       "schedule": {"batch": 2, "phases": [{"resolution": 4, "hold": 1}]},
       "loss": {"generator": {"wasserstein": {}}, "discriminator": {"wasserstein": {}}}}
      """)
    #expect(spec.name == "json")
    #expect(spec.discriminator.layers[0].settings(of: ConvolutionLayer.self).weights.bias == false)
  }

  @Test(arguments: ["\n", "\r\n", "\r"]) func `line ends do not matter`(end: String) throws {
    let text = minimalSpec.replacing("\n", with: end)
    #expect(try read(text) == read(minimalSpec))
    let diagnostics = try #require(throws: Diagnostics.self) { try read(text.replacing("batch: 4", with: "batch: x")) }
    #expect(diagnostics.items[0].position == SourcePosition(line: 12, column: 10, length: 1))
    #expect(diagnostics.items[0].excerpt == "  batch: x")
  }

  @Test func `a byte order mark is passed over`() throws {
    #expect(try read("\u{feff}" + minimalSpec) == read(minimalSpec))
  }

  @Test func `the data folder must exist when files are checked`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "spec.yaml").path
    try minimalSpec.write(toFile: path, atomically: true, encoding: .utf8)
    #expect(try ExperimentSpec.read(path: path, language: .fadein, checkingFiles: false).name == "minimal")
    let diagnostics = try #require(throws: Diagnostics.self) {
      try ExperimentSpec.read(path: path, language: .fadein, checkingFiles: true)
    }
    #expect(diagnostics.exitCode == .inputNotFound)
    let message = """
      spec.yaml:4:11: error: there is no folder '\(folder.path)/icons'
        4 |   folder: icons
          |           ^~~~~
          note: data.folder is relative to the spec file; put PNG images there
      """
    #expect(diagnostics.rendered.replacing(folder.path + "/spec.yaml", with: "spec.yaml") == message)
    try FileManager.default.createDirectory(at: folder.appending(path: "icons"), withIntermediateDirectories: true)
    #expect(try ExperimentSpec.read(path: path, language: .fadein, checkingFiles: true).data.path == folder.path + "/icons")
  }
}
