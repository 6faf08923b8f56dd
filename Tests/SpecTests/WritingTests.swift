import Basics
import Datasets
import Foundation
import Studies
import Testing

@testable import Models
@testable import Spec
@testable import Training

@Suite struct WritingTests {
  /// `spec` as it must come back: the written folder is the absolute one.
  private func expectSame(_ spec: ExperimentSpec, _ comment: Comment? = nil) throws {
    let text = spec.yaml
    var expected = spec
    expected.data.folder = spec.data.path
    let again = try ExperimentSpec.read(text: text, path: "/elsewhere/spec.yaml", language: .fadein)
    #expect(again == expected, comment)
    #expect(again.yaml == text, comment)
  }

  @Test(arguments: 0..<200 as Range<UInt64>) func `a spec written and read again is the same`(seed: UInt64) throws {
    var random = RandomStream(seed: seed, name: "specs")
    try expectSame(ExperimentSpec.random(&random), "seed \(seed)")
  }

  @Test(arguments: [
    "no", "017", "a: b", "# x", "it's \"q\" \\ here", "line\nbreak\ttab", "~", "null", "ä 日本", "bidi\u{202e}", "-x", "*.png",
    " blank ",
  ])
  func `any text survives`(text: String) throws {
    var spec = try read(minimalSpec)
    spec.data.path = "/data/" + text
    spec.data.exclude = [text]
    try expectSame(spec)
  }

  @Test func `the resolved spec says everything`() throws {
    let text = try read(minimalSpec + "\noptimizer: {generator: {adam: {rate: 1e-3}}}").yaml
    try expectGolden(text, at: CasesTests.folder.appending(path: "resolved.golden"))
  }

  @Test func `settings have dotted paths`() throws {
    let settings = try read(minimalSpec).settings
    #expect(settings.map(\.path).contains("schedule.phases.1.fade"))
    #expect(settings.first { $0.path == "optimizer.adam.rate" }?.value == "0.0005")
    #expect(Set(settings.map(\.path)).count == settings.count)
    // Each path is one that an override takes. A list of layers has settings of its layers at paths of their own.
    func hasSettings(_ list: String) -> Bool { settings.contains { $0.path.hasPrefix(list + ".") } }
    for (path, value) in settings where !path.hasPrefix("data.folder") && !hasSettings(path) {
      #expect(try read(minimalSpec, overrides: ["\(path)=\(value)"]) == read(minimalSpec), "\(path)=\(value)")
    }
  }
}

extension ExperimentSpec {
  /// A valid spec with random settings.
  fileprivate static func random(_ random: inout RandomStream) -> ExperimentSpec {
    func number(_ range: ClosedRange<Double>) -> Double { random.uniform(in: range) }
    func pick<Value: CaseIterable>(_ type: Value.Type) -> Value { Array(Value.allCases)[random.below(Value.allCases.count)] }
    func flip() -> Bool { random.below(2) == 0 }
    func optimizer() -> Choice {
      if flip() { return Choice(SGD.self, .init(rate: number(1e-9...1), momentum: number(0...0.99), nesterov: flip())) }
      let beta2 = flip() ? 0.99 : number(0...0.99)
      return Choice(Adam.self, .init(rate: number(1e-9...1), beta1: number(0...0.99), beta2: beta2, epsilon: number(1e-12...1)))
    }
    let first = random.below(3)
    let count = 1 + random.below(5)
    let batch = 2 + random.below(60)
    var spec = try! SpecTests.read(minimalSpec)
    spec.name = "n\(random.next())"
    spec.seed = random.next()
    spec.schedule = ScheduleSpec(
      batch: batch, order: pick(ScheduleSpec.Order.self), blendReals: flip(),
      phases: (0..<count).map { index in
        PhaseSpec(
          resolution: 4 << (first + index), fade: first + index == 0 ? 0 : random.below(1000), hold: 1 + random.below(1_000_000),
          batch: flip() ? nil : 2 + random.below(60))
      })
    let widths = (0..<first + count).map { _ in 1 + random.below(512) }
    spec.data.resolution = 1024
    spec.data.fit = pick(DataSpec.Fit.self)
    let augmentations = [
      Choice(Contrast.self, .init(factor: number(0...1)...number(1...10), probability: number(0...1))),
      Choice(Brightness.self, .init(factor: 0...number(0...10), probability: number(0...1))),
      Choice(Saturation.self, .init(factor: 0...number(0...10), probability: number(0...1))),
      Choice(HorizontalFlip.self, .init(probability: number(0...1))),
      Choice(Translation.self, .init(distance: number(0...0.5), probability: number(0...1))),
    ]
    spec.data.augment = augmentations.filter { _ in flip() }
    spec.generator.widths = widths
    spec.generator.latentNorm = flip()
    spec.generator.combine = pick(RGBCombination.self)
    if flip() {
      (spec.generator.latentForm, spec.generator.styleMixing) = (.vector, number(0...1))
      spec.generator.mapping = [LayerSpec(Choice(DenseLayer.self)), LayerSpec(Choice(LeakyReLU.self))]
      spec.generator.start = [LayerSpec(Choice(ConstantLayer.self)), LayerSpec(Choice(NoiseLayer.self))]
    }
    func weights() -> WeightSettings {
      var weights = WeightSettings()
      (weights.bias, weights.gain, weights.rateFactor) = (flip(), flip() ? nil : 0.5, number(0.01...1))
      weights.initial = InitialDraw.words[random.below(InitialDraw.words.count)].draw
      (weights.equalizedRate, weights.spectralNorm) = (pick(EqualizedRate.self), pick(SpectralNorm.self))
      if weights.equalizedRate != .none { weights.spectralNorm = .none }
      return weights
    }
    func change(_ defaults: inout [Choice]) {
      let layers = [
        Choice(ConvolutionLayer.self, .init(weights: weights())),
        Choice(PixelNorm.self, .init(form: pick(PixelNormForm.self), epsilon: number(1e-12...1))),
        Choice(LeakyReLU.self, .init(slope: number(0...0.9))),
      ]
      for layer in layers where flip() { defaults[defaults.firstIndex { $0.key == layer.key }!] = layer }
    }
    change(&spec.generator.layers)
    change(&spec.discriminator.layers)
    var level = LevelSpec()
    level.before = flip() ? [LayerSpec(Choice(PixelNorm.self))] : []
    level.after = [LayerSpec(Choice(ConvolutionLayer.self, .init(kernel: 1 + 2 * random.below(2), border: .zeros)))]
    if flip() { spec.generator.at[4 << random.below(first + count)] = level }
    if flip() { spec.discriminator.at[4 << first] = level }
    if flip() { spec.generator.block.append(LayerSpec(Choice(PixelNorm.self))) }
    if flip() {
      let norm = Choice(BatchNorm.self, .init(momentum: number(0.01...1), statistics: pick(BatchNorm.Statistics.self)))
      spec.generator.block.append(LayerSpec(norm))
    }
    spec.generator.output = pick(OutputRange.self)
    spec.generator.average =
      flip() ? AverageSpec(decay: number(0...0.999)) : AverageSpec(halfLife: .images(random.below(9_999_999)), ramp: number(0...1))
    spec.discriminator.widths = widths.reversed()
    spec.optimizer = OptimizerSpec(optimizer())
    for network in NetworkRole.allCases where flip() { spec.optimizer.networks[network] = optimizer() }
    spec.optimizer.reset = pick(OptimizerSpec.Reset.self)
    if flip() { spec.optimizer.drops = [RateDropSpec(resolution: 4 << first, after: 0, rate: number(1e-9...1))] }
    if flip() {
      spec.loss.discriminator.insert(
        Choice(GradientPenalty.self, .init(weight: number(0...1000), target: number(0.1...750))), at: 0)
    }
    spec.record.samples.every = 1 + random.below(1_000_000)
    return spec
  }
}
