import Basics
import Foundation
import Graph
import Images
import Kernels
import Models
import Runs
import Testing

@testable import Spec
@testable import Training

/// Runs of networks whose layers keep statistics and ask for random numbers.
@Suite struct StatefulRunsTests {
  /// A self-attention GAN with both kinds of spectral norm, dropout and running statistics; one in the manner of FastGAN; one in that of
  /// StyleGAN2.
  static let networks: [[String]] = [
    [
      "generator.layers={convolution: {border: zeros, equalized_rate: none, spectral_norm: pass}}",
      "generator.start=[convolution, batch_norm, relu, {dropout: {rate: 0.25}}]",
      "generator.block=[upsample, convolution, {batch_norm: {statistics: running}}, relu, {self_attention: {reduction: 2}}]",
      "generator.to_rgb=[convolution]",
      "discriminator.layers={convolution: {border: zeros, equalized_rate: none, spectral_norm: step}}",
      "discriminator.block=[convolution, batch_norm, leaky_relu, downsample]",
      "discriminator.end=[{convolution: {kernel: 4, padding: 0, spectral_norm: pass}}, leaky_relu]",
      "loss.discriminator={hinge: {}}",
      "loss.generator={hinge: {}}",
    ],
    [
      "generator.layers={convolution: {border: zeros, equalized_rate: none, spectral_norm: pass}}",
      "generator.start=[{convolution: {width: 16}}, batch_norm, glu]",
      "generator.block=[upsample, {convolution: {width: 12}}, noise, batch_norm, glu, {excitation: {from: 4, spectral_norm: pass, bias: false}}]",
    ],
    [
      "generator.latent_form=vector", "generator.latent_norm=true", "generator.style_mixing=0.9", "generator.combine=skip",
      "generator.mapping=[{dense: {rate_factor: 0.1}}, leaky_relu]",
      "generator.layers={modulated_convolution: {equalized_rate: weight}}",
      "generator.start=[constant, modulated_convolution, noise, leaky_relu]",
      "generator.block=[{upsample: {mode: fir}}, modulated_convolution, noise, leaky_relu, modulated_convolution, noise, leaky_relu]",
      "generator.to_rgb=[{modulated_convolution: {kernel: 1, demodulate: false, gain: 1}}]", "generator.output=linear",
    ],
  ]

  /// What is learned and how: each loss, regularizer and optimizer that keeps something or has steps of its own.
  static let lessons: [[String]] = [
    [
      "optimizer={rmsprop: {rate: 0.001, momentum: 0.5, centered: true}, weight_clip: 0.02}", "schedule.critic_steps=3",
      "loss.discriminator={wasserstein: {}}",
    ],
    [
      "optimizer={adamw: {beta1: 0.5}, clip: {value: 0.5, norm: 1}, schedule: {warmup: 3, decay: cosine}}",
      "loss.discriminator={hinge: {}, lecam: {}, r1: {gamma: 1, every: 4}, gradient_penalty: {every: 3, images: mixed}}",
      "loss.generator={hinge: {}}", "generator.average={half_life: 0.02kimg, ramp: 0.1}",
    ],
    [
      "optimizer={sgd: {momentum: 0.9, rate: 0.001}}", "schedule.order=discriminator_first",
      "loss.discriminator={relativistic: {form: average}, r1: {gamma: 0.5}, r2: {gamma: 0.5}, dragan: {every: 2}}",
      "loss.generator={relativistic: {form: average}}",
    ],
    networks[2] + [
      "loss.discriminator={non_saturating: {}, r1: {gamma: 1, every: 4}}",
      "loss.generator={non_saturating: {}, path_length: {every: 3}}",
    ],
  ]

  @Test(arguments: lessons.indices)
  func `what losses and optimizers keep survives a kill anywhere`(_ index: Int) throws {
    let runs = try TinyRuns(Self.lessons[index])
    var copies: [Int: RunDirectory] = [:]
    let whole = try runs.begin(threads: 2) { run, iteration in
      if [2, 5, 8, 11].contains(iteration) { copies[iteration] = try! runs.copy(run, as: "\(iteration)") }
      return nil
    }
    for (iteration, copy) in copies {
      #expect(try runs.resume(copy, threads: 1 + iteration % 2) == .finished)
      #expect(try runs.differences(whole, copy) == [], "killed after iteration \(iteration)")
    }
  }

  @Test(arguments: networks.indices)
  func `a run that is killed anywhere and resumed with other threads has the bytes of one that was not`(_ index: Int) throws {
    let runs = try TinyRuns(Self.networks[index])
    var copies: [Int: RunDirectory] = [:]
    let whole = try runs.begin(threads: 2) { run, iteration in
      if [2, 5, 8, 11].contains(iteration) { copies[iteration] = try! runs.copy(run, as: "\(iteration)") }
      return nil
    }
    let kinds = Set(Networks(runs.spec).variables.map(\.role))
    #expect(kinds.contains(.statistic) == (index < 2))
    for (iteration, copy) in copies {
      #expect(try runs.resume(copy, threads: 1 + iteration % 2) == .finished)
      #expect(try runs.differences(whole, copy) == [], "killed after iteration \(iteration)")
    }
  }

  @Test(arguments: networks.indices)
  func `an image depends on its latent and its number alone, and on the weights of the moment`(_ index: Int) throws {
    let runs = try TinyRuns(Self.networks[index])
    let (state, lanes) = (TrainingState(runs.spec), Lanes(count: 2))
    var stream = RandomStream(seed: 3, name: "strength")
    // Noise has no strength and attention no weight before it is learned.
    for (key, buffer) in state.buffers where key.hasSuffix("strength") || key.hasSuffix("gamma") {
      for i in 0..<buffer.count { buffer.base[i] = Float(stream.uniform(in: 0.3...0.8)) }
    }
    let weights = state.averagedGenerator
    func sampler(chunk: Int) throws -> Sampler {
      try Sampler(runs.spec, level: 1, fading: true, weights: weights, chunk: chunk, lanes: lanes)
    }
    let (many, one) = (try sampler(chunk: 5), try sampler(chunk: 1))
    let latents = stream.normals(7 * many.latentCount)
    let images = many.images(latents, alpha: 0.5, from: 3)
    for place in [0, 4, 6] {
      let latent = Array(latents[place * many.latentCount..<(place + 1) * many.latentCount])
      #expect(one.images(latent, alpha: 0.5, from: 3 + place) == [images[place]])
    }
    #expect(many.images(latents, alpha: 0.5, from: 3) == images, "drawing changes nothing")
    // Steady frames share their noise.
    let latent = Array(latents[..<many.latentCount])
    let steady = many.images(latent + latent, alpha: 0.5, isSteady: true)
    #expect(steady[0] == steady[1])
    let free = many.images(latent + latent, alpha: 0.5)
    #expect((free[0] == free[1]) == (index == 0))
    // Statistics of other weights are forgotten.
    for (key, buffer) in weights where key.hasSuffix("weight") {
      for i in 0..<buffer.count { buffer.base[i] *= Float(stream.uniform(in: 0.5...1.5)) }
    }
    many.forgetStatistics()
    #expect(many.images(latents, alpha: 0.5, from: 3) == (try sampler(chunk: 2).images(latents, alpha: 0.5, from: 3)))
  }

  @Test func `a finished run verifies, and what its generator draws is what its last grid shows`() throws {
    let runs = try TinyRuns(Self.networks[0])
    let run = try runs.begin(threads: 2)
    let generator = try TrainedGenerator(run, lanes: Lanes(count: 1), runs.files)
    let state = TrainingState(runs.spec)
    let store = CheckpointStore(run.checkpoints, keep: 1, in: runs.files)
    let newest = try #require(try store.iterations().max())
    try state.restore(try store.open(newest))
    #expect(newest == 12)
    let sampler = try Sampler(runs.spec, level: 1, fading: false, weights: state.averagedGenerator, lanes: Lanes(count: 2))
    var stream = RandomStream(seed: 4, name: "generate")
    #expect(generator.images(0..<3, seed: 4) == sampler.images(stream.normals(3 * sampler.latentCount), alpha: 1))
  }

  @Test func `styles that are truncated to nothing give one image, and to all of them what there was`() throws {
    let runs = try TinyRuns(Self.networks[2])
    let (state, lanes) = (TrainingState(runs.spec), Lanes(count: 2))
    func images(_ truncation: Double?) throws -> [RGBImage] {
      let sampler = try Sampler(
        runs.spec, level: 1, fading: false, weights: state.averagedGenerator, lanes: lanes, truncation: truncation)
      var stream = RandomStream(seed: 3, name: "latents")
      return sampler.images(stream.normals(5 * sampler.latentCount), alpha: 1)
    }
    let (none, all, half) = (try images(0), try images(1), try images(0.5))
    #expect(Set(none.map(\.pixels)).count == 1)
    #expect(Set(half.map(\.pixels)).count == 5)
    for (one, other) in zip(try images(nil), all) {
      #expect(zip(one.pixels, other.pixels).allSatisfy { abs(Int($0) - Int($1)) <= 1 })
    }
    // A mapping may have layers with statistics and random numbers.
    let other = try TinyRuns(
      Self.networks[2] + ["generator.mapping=[{dense: {equalized_rate: none, spectral_norm: pass}}, batch_norm, noise, leaky_relu]"]
    )
    let sampler = try Sampler(
      other.spec, level: 1, fading: false, weights: TrainingState(other.spec).averagedGenerator, lanes: lanes, truncation: 0)
    var stream = RandomStream(seed: 3, name: "latents")
    #expect(Set(sampler.images(stream.normals(3 * sampler.latentCount), alpha: 1).map(\.pixels)).count == 1)
    let plain = try TinyRuns()
    let run = try plain.begin()
    let error = #expect(throws: Diagnostics.self) {
      try TrainedGenerator(run, truncation: 0.5, lanes: lanes, plain.files)
    }
    #expect(error?.exitCode == .usage)
  }

  @Test func `random numbers belong to an image, whatever the batch`() throws {
    func numbers(_ batch: Int, _ distribution: Random.Distribution, _ images: [Int], count: Int) throws -> [[Float]] {
      let graph = Graph()
      let plan = try Plan(outputs: ["y": graph.add(Random(name: "n", shape: [batch, 1, count, 1], distribution)) + 0.5])
      let random = RandomNumbers(plan, seed: 11, purpose: "test")
      random.draw(images)
      let values = random.buffers["n"]!.values
      return (0..<batch).map { Array(values[$0 * count..<($0 + 1) * count]) }
    }
    for distribution in [Random.Distribution.normal, .dropout(0.3), .crossing(layers: 5, probability: 0.5)] {
      let all = try numbers(7, distribution, Array(10..<17), count: 13)
      #expect(try numbers(2, distribution, [12, 16], count: 13) == [all[2], all[6]])
      #expect(Set(all).count == 7)
    }
    // Two minibatches in one input have numbers of their own, whatever their size.
    let pairs = try numbers(6, .normal, [4, 5, 6], count: 7)
    #expect(Set(pairs).count == 6 && pairs.allSatisfy { $0.contains { $0 != 0 } })
    #expect(try numbers(2, .normal, [5], count: 7) == [pairs[1], pairs[4]])
    let kept = try numbers(1, .dropout(0.3), [0], count: 100_003)[0]
    #expect(Set(kept) == [0, Float(1 / 0.7)])
    #expect(abs(Double(kept.filter { $0 == 0 }.count) / 100_003 - 0.3) < 0.006)
    let layers = try numbers(1, .crossing(layers: 4, probability: 0.75), [0], count: 100_003)[0]
    for (layer, share) in [(1, 0.25), (2, 0.25), (3, 0.25), (4, 0.25)] as [(Float, Double)] {
      #expect(abs(Double(layers.filter { $0 == layer }.count) / 100_003 - share) < 0.006)
    }
  }
}
