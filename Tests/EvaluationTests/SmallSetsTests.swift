import Basics
import Datasets
import Foundation
import Kernels
import Spec
import Testing
import Training

@testable import Evaluation

/// What is said of few images, on the icons that come with Fadein, at 16x16.
@Suite struct SmallSetsTests {
  private static let icons: ImageSet? = {
    let folder = URL(filePath: #filePath).appending(path: "../../../experiments/icons").standardized.path
    let text = "version: 2\nname: x\ndata: {folder: \(folder), resolution: 16}\n"
    guard
      let spec = try? ExperimentSpec.read(
        text: text + small, path: "/tmp/x.yaml", language: .experiments),
      let dataset = try? Dataset.load(spec.data, needed: 640, threads: 2)
    else { return nil }
    return ImageSet(dataset)
  }()

  private static let small = """
    generator: {latent: 2, widths: [2, 2, 2]}
    discriminator: {top: 2, widths: [2, 2, 2]}
    schedule: {batch: 2, phases: [{resolution: 4, hold: 1}, {resolution: 8, hold: 1}, {resolution: 16, hold: 1}]}
    optimizer: {adam: {rate: 1e-3}}
    loss: {generator: {wasserstein: {}}, discriminator: {wasserstein: {}}}

    """

  /// What an evaluation has of `drawn` images, when the training set is `real`.
  private func values(drawn: ImageSet, real: ImageSet) -> [String: Float] {
    let reals = RealImages(real, side: 16, asked: drawn.count, seed: 0, lanes: Lanes(count: 2))
    let metrics: [any QualityMetric] = [MultiscaleSimilarity(.init()), SlicedWasserstein(.init())]
    var values: [String: Float] = [Column.drawn.name: Float(drawn.count), Column.real.name: Float(reals.chosen.count)]
    for metric in metrics {
      values.merge(metric.values(drawn, reals)) { first, _ in first }
      for (name, value) in metric.floor(reals) { values[Column.floor + name] = value }
    }
    return values
  }

  private func notes(drawn: ImageSet, real: ImageSet) -> [String] {
    let values = values(drawn: drawn, real: real)
    return SmallSets.notes { values[$0].map(Double.init) }
  }

  @Test(arguments: [20, 50, 100, 300]) func `other icons are hardly ever called noise, however few the training images are`(
    real: Int
  ) throws {
    let icons = try #require(Self.icons)
    let rounds = 20
    let called = (0..<rounds).count { round in
      var stream = RandomStream(seed: UInt64(round), name: "noise")
      let order = stream.permutation(of: icons.count)
      let others = icons.choosing(Array(order.dropFirst(real).prefix(320)))
      return notes(drawn: others, real: icons.choosing(Array(order.prefix(real)))).contains(SmallSets.noise)
    }
    #expect(called <= 1, "\(called) of \(rounds)")
  }

  @Test func `broken images are noise, repeated ones are not`() throws {
    let icons = try #require(Self.icons)
    var stream = RandomStream(seed: 3, name: "broken")
    let broken = ImageSet(side: 16, pixels: (0..<200 * icons.imageCount).map { _ in UInt8(stream.below(256)) })
    let real = icons.choosing(Array(0..<100))
    #expect(notes(drawn: broken, real: real).contains(SmallSets.noise))
    let repeated = icons.choosing([Int](repeating: 4, count: 200))
    #expect(!notes(drawn: repeated, real: real).contains(SmallSets.noise))
  }

  @Test func `fifty icons are too few for distances, all are not, and few drawn ones are what is to be changed`() throws {
    let icons = try #require(Self.icons)
    let fifty = notes(drawn: icons, real: icons.choosing(Array(0..<50)))
    #expect(
      fifty.count == 1 && fifty[0].hasSuffix("there are too few of them for smaller differences to mean anything"), "\(fifty)")
    #expect(notes(drawn: icons, real: icons).isEmpty)
    let few = notes(drawn: icons.choosing(Array(0..<30)), real: icons)
    #expect(few.count == 1 && few[0].contains("record.evaluate.images asks for too few, 30,"), "\(few)")
  }
}
