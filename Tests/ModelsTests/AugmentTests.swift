import Basics
import Foundation
import Graph
import Kernels
import Testing
import Training

@testable import Models
@testable import Spec

@Suite struct AugmentTests {
  /// Everything at once.
  private static func everything(_ probability: Double) -> AugmentSpec {
    var spec = AugmentSpec()
    (spec.horizontalFlip, spec.translation, spec.scale, spec.rotation) = (true, 0.25, 0.2, 40)
    (spec.brightness, spec.saturation, spec.hue, spec.contrast) = (0.25, 1, 60, 0.5)
    (spec.noise, spec.cutout, spec.probability) = (0.1, 0.5, .fixed(probability))
    return spec
  }

  private func experiment(_ augment: AugmentSpec, output: OutputRange = .tanh) throws -> ExperimentSpec {
    var spec = try Recipe.icon.spec(widths: [5, 3], latent: 4, top: 4, batch: 5)
    (spec.discriminator.augment, spec.generator.output) = (augment, output)
    return spec
  }

  /// Images and what the discriminator sees of them, with the random numbers that are drawn for it.
  private func seen(_ spec: ExperimentSpec, _ images: [Float], side: Int, probability: Double, seed: UInt64 = 3) throws -> [Float] {
    let graph = Graph(), count = images.count / (3 * side * side)
    let x = try graph.add(Input(name: "images", shape: [count, 3, side, side]))
    let y = try DiscriminatorAugmentation(spec)!(x, in: Scope(graph: graph, network: .discriminator))
    let plan = try Plan(outputs: ["seen": y])
    var buffers = ["images": FloatBuffer(images)]
    for (name, distribution) in plan.random {
      guard case .rule(let rule) = distribution else { continue }
      let (shape, buffer) = (plan.inputs[name]!, FloatBuffer(count: plan.inputs[name]!.count))
      var stream = RandomStream(seed: seed, name: name)
      let each = shape.count / count
      for image in 0..<count {
        let before = stream.position
        rule.draw.draw(
          &stream, probability: probability, UnsafeMutableBufferPointer(start: buffer.base + image * each, count: each))
        #expect(stream.position == before + UInt64(rule.draw.blocks(each)), "\(name): each image takes as many blocks")
      }
      buffers[name] = buffer
    }
    let executor = Executor(plan, inputs: buffers, lanes: Lanes(count: 2))
    executor.run()
    return Array(executor.output("seen"))
  }

  @Test(arguments: OutputRange.allCases) func `with probability 0 images are as they were, with 1 none is`(output: OutputRange)
    throws
  {
    var stream = RandomStream(seed: 1, name: "images")
    let side = 8, each = 3 * side * side
    let images = (0..<7 * each).map { _ in Float(stream.uniform(in: (output == .sigmoid ? 0 : -1)...1)) }
    let spec = try experiment(Self.everything(1), output: output)
    let still = try seen(spec, images, side: side, probability: 0)
    // From [0, 1] to [-1, 1] and back rounds.
    #expect(zip(images, still).allSatisfy { abs($0 - $1) <= (output == .sigmoid ? 1e-6 : 0) })
    let changed = try seen(spec, images, side: side, probability: 1)
    for image in 0..<7 {
      #expect(Array(images[image * each..<(image + 1) * each]) != Array(changed[image * each..<(image + 1) * each]))
    }
    #expect(changed.allSatisfy { $0.isFinite })
    let others = try seen(spec, images, side: side, probability: 1, seed: 4)
    #expect(others != changed)
  }

  @Test func `each part changes the share of images that its probability says`() throws {
    let side = 8, each = 3 * side * side, count = 400
    var stream = RandomStream(seed: 1, name: "images")
    let images = (0..<count * each).map { _ in Float(stream.uniform(in: -1...1)) }
    let parts: [(String, WritableKeyPath<AugmentSpec, Double>, Double)] = [
      ("translation", \.translation, 0.5), ("scale", \.scale, 0.2), ("rotation", \.rotation, 90), ("brightness", \.brightness, 0.3),
      ("saturation", \.saturation, 1), ("hue", \.hue, 90), ("contrast", \.contrast, 0.5), ("noise", \.noise, 0.1),
      ("cutout", \.cutout, 0.5),
    ]
    for (name, path, value) in parts {
      var augment = AugmentSpec()
      augment[keyPath: path] = value
      let changed = try seen(experiment(augment), images, side: side, probability: 0.3)
      let share =
        Double(
          (0..<count).filter { image in (0..<each).contains { images[image * each + $0] != changed[image * each + $0] } }.count)
        / Double(count)
      // Four deviations of a share of 400, and shifts by nothing.
      #expect(abs(share - 0.3) < 4 * (0.3 * 0.7 / Double(count)).squareRoot() + 0.012, "\(name): \(share)")
    }
    var flips = AugmentSpec()
    flips.horizontalFlip = true
    let flipped = try seen(experiment(flips), images, side: side, probability: 0.6)
    for image in 0..<count {
      let (old, new) = (images[image * each..<(image + 1) * each], flipped[image * each..<(image + 1) * each])
      let mirrored = (0..<each).map { old[old.startIndex + $0 / side * side + side - 1 - $0 % side] }
      let isOneOfThem = Array(new) == Array(old) || Array(new) == mirrored
      #expect(isOneOfThem)
    }
    let share = Double((0..<count).filter { images[$0 * each] != flipped[$0 * each] }.count) / Double(count)
    #expect(abs(share - 0.3) < 0.1)
  }

  @Test func `both networks' steps go through it, with numbers of their own, and penalties of slopes too`() throws {
    var spec = try experiment(Self.everything(0.7))
    spec.loss.discriminator = [Choice(DiscriminatorHinge.self), Choice(RealGradients.self)]
    spec.loss.generator = [Choice(GeneratorHinge.self)]
    let graph = TrainingGraph(spec, level: 1, batch: 5, fading: false)
    for network in NetworkRole.allCases {
      let plan = try graph.plan(TrainingStep(network))
      let count = network == .generator ? 5 : 10
      let names = ["geometry", "color", "contrast", "noise", "mask"].map { "random.discriminator.augment.\($0).1" }
      #expect(Set(plan.random.keys) == Set(names))
      for name in names { #expect(plan.inputs[name]![0] == count) }
    }
    let outputs = try graph.discriminatorPlan().outputs.keys
    #expect(outputs.contains("overfitting"))
    #expect(MetricsColumns(spec).names.suffix(2) == ["augment.probability", "overfitting"])
  }

  @Test func `a probability follows the signs of scores, four minibatches at a time`() {
    var (rule, adaptive) = (AdaptiveSpec(), AdaptiveProbability())
    (rule.speed, rule.limit) = (.images(160), 0.5)
    func add(_ signs: [Double]) { for sign in signs { adaptive.add(sign: sign, batch: 4, imagesPerIteration: 4, rule) } }
    add([1, 1, 1])
    #expect(adaptive.probability == 0)
    add([1])
    #expect(adaptive.probability == 0.1)
    add([1, 1, 0.2, 0.3])
    #expect(adaptive.probability == 0.2)
    add([1, 0, 1, 0])
    #expect(adaptive.probability == 0.1)
    add([Double](repeating: -1, count: 8))
    #expect(adaptive.probability == 0)
    add([Double](repeating: 1, count: 40))
    #expect(adaptive.probability == 0.5)
  }
}
