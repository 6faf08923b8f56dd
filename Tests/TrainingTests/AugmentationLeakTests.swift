import Basics
import Foundation
import Graph
import Kernels
import Models
import Testing

@testable import Spec
@testable import Training

/// What the discriminator sees changed must not be what the generator learns.
@Suite struct AugmentationLeakTests {
  /// Small networks for images that are bright on their left.
  private func spec(_ augment: String) throws -> ExperimentSpec {
    let text = """
      version: 2
      name: toy
      data: {folder: icons}
      generator: {latent: 8, widths: [24, 16], average: 0.9}
      discriminator: {top: 24, widths: [24, 16], augment: \(augment)}
      schedule: {batch: 16, order: discriminator_first, phases: [{resolution: 8, hold: 1000}]}
      optimizer: {adam: {rate: 2e-3, beta1: 0, beta2: 0.9}}
      loss: {generator: {non_saturating: {}}, discriminator: {non_saturating: {}, r1: {gamma: 0.2, every: 4}}}
      """
    return try ExperimentSpec.read(text: text, path: "/tmp/toy.yaml", language: .experiments)
  }

  /// How many degrees drawn images are turned, either way, on the average.
  ///
  /// - Parameter turned: whether real images are turned themselves, as the discriminator would see them.
  private func trained(_ spec: ExperimentSpec, iterations: Int, turned: Double = 0) throws -> Double {
    let (state, lanes, side) = (TrainingState(spec), Lanes(count: 2), 8)
    let graph = TrainingGraph(spec, level: 1, batch: spec.schedule.batch, fading: false)
    let iteration = try Iteration(graph, state, lanes: lanes)
    var stream = RandomStream(seed: 1, name: "toys")
    for _ in 0..<iterations {
      for image in 0..<spec.schedule.batch {
        let (bright, dark) = (stream.uniform(in: 0.7...0.95), stream.uniform(in: 0.05...0.3))
        let isTurned = stream.uniform() < turned
        let angle = isTurned ? stream.uniform(in: -Double.pi / 2...Double.pi / 2) : 0
        for index in 0..<3 * side * side {
          let (x, y) = (Double(index % side) - 3.5, Double(index / side % side) - 3.5)
          // Half a pixel of the edge between the halves is gray.
          let share = min(1, max(0, 0.5 - (x * cos(angle) + y * sin(angle)) / 2))
          let value = dark + share * (bright - dark) + stream.uniform(in: -0.03...0.03)
          iteration.real.base[image * 3 * side * side + index] = Float(value)
        }
      }
      state.images.total += spec.schedule.batch
      iteration.run(Iteration.Settings(alpha: 1, generatorRate: 2e-3, discriminatorRate: 2e-3))
    }
    let sampler = try Sampler(spec, level: 1, fading: false, weights: state.averagedGenerator, lanes: lanes)
    let images = sampler.images(stream.normals(64 * sampler.latentCount), alpha: 1, from: 0)
    return images.reduce(0) { sum, image in
      var (across, down) = (0.0, 0.0)
      for pixel in 0..<side * side {
        let value = Double(image.pixels[3 * pixel])
        across -= (Double(pixel % side) - 3.5) * value
        down -= (Double(pixel / side) - 3.5) * value
      }
      return sum + abs(atan2(down, across)) * 180 / .pi / Double(images.count)
    }
  }

  @Test func `drawn images stay unturned where the discriminator sees six of ten turned, and learn turns of the images themselves`()
    throws
  {
    func augmented(_ probability: Double) throws -> ExperimentSpec {
      try spec("{rotation: 90, border: reflect, probability: \(probability)}")
    }
    let (seen, shown) = (try trained(augmented(0.6), iterations: 500), try trained(augmented(0), iterations: 500, turned: 0.6))
    // Six of ten turned by up to 90 degrees are 27 on the average.
    #expect(seen < 6 && shown > 12, "\(seen) and \(shown) degrees")
  }
}
