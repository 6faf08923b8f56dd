import Basics
import Models
import Testing

@testable import Spec

/// Lists of layers in specs.
@Suite struct LayerListTests {
  private func networks(_ generator: String, _ discriminator: String = "") -> String {
    minimalSpec.replacing("generator:\n", with: "generator:\n" + generator, maxReplacements: 1)
      .replacing("discriminator:\n", with: "discriminator:\n" + discriminator, maxReplacements: 1)
  }

  @Test func `layers are called by the last word of their kind and counted`() {
    let names = LayerNames(["convolution", "pixel_norm", "leaky_relu", "convolution", "batch_norm", "minibatch_deviation"])
    #expect(names.names == ["conv1", "norm1", "relu1", "conv2", "norm2", "deviation1"])
    #expect(names.place("conv2") == 3 && names.place("norm2") == 4)
    #expect(names.place("minibatch_deviation") == 5 && names.place("pixel_norm") == 1)
    #expect(names.place("convolution") == nil && names.place("conv3") == nil && names.place("convolution1") == nil)
  }

  @Test func `an entry has its own settings, then those of the network, then those of its kind`() throws {
    let spec = try read(
      networks(
        "  layers: {convolution: {kernel: 5, bias: false}}\n"
          + "  start: [convolution, leaky_relu, {convolution: {kernel: 1}}, {leaky_relu: {slope: 0.5}}]\n"))
    let kernels = spec.generator.start.filter { $0.kind == "convolution" }.map { $0.choice.settings(of: ConvolutionLayer.self) }
    #expect(kernels.map(\.kernel) == [5, 1] && kernels.allSatisfy { !$0.weights.bias && $0.border == .reflect })
    let slopes = spec.generator.start.filter { $0.kind == "leaky_relu" }.map { $0.choice.settings(of: LeakyReLU.self).slope }
    #expect(slopes == [0.2, 0.5])
  }

  @Test func `overrides reach into lists by names, also into those of a recipe`() throws {
    let changed = try read(
      minimalSpec,
      overrides: [
        "generator.block.conv2.kernel=1", "discriminator.end.minibatch_deviation.group=2", "generator.start.relu2.slope=0.4",
        "generator.block.norm2=leaky_relu", "discriminator.head.0.bias=false",
      ])
    #expect(changed.generator.block.map(\.kind)[5] == "leaky_relu")
    #expect(changed.generator.block[4].choice.settings(of: ConvolutionLayer.self).kernel == 1)
    #expect(changed.generator.block[1].choice.settings(of: ConvolutionLayer.self).kernel == 3)
    #expect(changed.discriminator.end[0].choice.settings(of: MinibatchDeviation.self).group == 2)
    #expect(changed.generator.start[5].choice.settings(of: LeakyReLU.self).slope == 0.4)
    let removed = try read(minimalSpec, overrides: ["~discriminator.end.minibatch_deviation", "~generator.block.norm1"])
    #expect(removed.discriminator.end.first?.kind == "convolution" && removed.generator.block.count == 6)
  }

  @Test func `an override that finds no layer says which there are`() {
    let error = #expect(throws: Diagnostics.self) { try read(minimalSpec, overrides: ["generator.block.conv3.kernel=1"]) }
    #expect(error?.items[0].note == "its layers are upsample1, conv1, norm1, relu1, conv2, norm2, relu2")
  }

  @Test func `a recipe comes before overrides that reach into its lists`() throws {
    let spec = try read(
      networks("  latent_norm: false\n"),
      overrides: ["generator.start.conv1.gain=1", "generator.recipe=original", "schedule.batch=8"])
    #expect(spec.generator.latentForm == .vector && !spec.generator.latentNorm)
    let first = spec.generator.start[0].choice.settings(of: ConvolutionLayer.self)
    #expect(first.kernel == 4 && first.weights.gain == 1)
    // The discriminator has the generator's recipe unless it has its own.
    #expect(spec.discriminator.block.map(\.kind) == ["convolution", "leaky_relu", "convolution", "leaky_relu", "downsample"])
    let own = try read(networks("  recipe: original\n", "  recipe: icon\n"))
    #expect(own.discriminator.end.count == 7 && own.generator.start.count == 6)
  }

  @Test func `settings of layers have the layers' names in their paths`() throws {
    let spec = try read(networks("  start: [{convolution: {kernel: 5}}, leaky_relu, {convolution: {bias: false}}, leaky_relu]\n"))
    let settings = Dictionary(uniqueKeysWithValues: spec.settings.map { ($0.path, $0.value) })
    #expect(settings["generator.start"] == "[convolution, leaky_relu, convolution, leaky_relu]")
    #expect(settings["generator.start.conv1.kernel"] == "5" && settings["generator.start.conv2.bias"] == "false")
    // What is read of a file without knowing the language says the same.
    let read = try SpecSettings(Array(spec.yaml.utf8), file: "spec.yaml")
    for (path, value) in settings where path.hasPrefix("generator.") && value != "{}" {
      #expect(read[path] == value, "\(path)")
    }
  }

  @Test func `a thousand lists in lists are refused`() {
    let deep = String(repeating: "[", count: 1000) + "convolution" + String(repeating: "]", count: 1000)
    #expect(throws: Diagnostics.self) { try read(networks("  start: \(deep)\n")) }
    let nested = String(repeating: "[{residual: {main: ", count: 1000) + "[leaky_relu]" + String(repeating: "}}]", count: 1000)
    #expect(throws: Diagnostics.self) { try read(networks("  start: \(nested)\n")) }
  }

  @Test func `what a layer wants of a minibatch counts inside of a residual too`() throws {
    let end =
      "  end: [{residual: {main: [{minibatch_deviation: {group: 3}}], shortcut: [minibatch_deviation]}}, {convolution: {kernel: 4, padding: 0}}]\n"
    let error = #expect(throws: Diagnostics.self) { try read(networks("", end)) }
    #expect(
      error?.items.map(\.message)
        == ["schedule.batch is 4, not a multiple of the 3 of discriminator.end.residual1.main.deviation1.group"])
  }

  @Test func `a level may have no layers of its own`() throws {
    let spec = try read(networks("  at: {8: {before: [upsample, {convolution: {kernel: 1}}], block: []}}\n"))
    #expect(spec.generator.ladderLevel(1).layers.map(\.kind) == ["upsample", "convolution"])
    #expect(try read(spec.yaml) == read(spec.yaml) && read(spec.yaml).generator.at == spec.generator.at)
  }
}
