import Basics
import Graph
import Kernels
import Models
import Spec

/// What a discriminator sees of images where `discriminator.augment` changes them.
package final class SeenImages {
  private let images: FloatBuffer
  private let executor: Executor
  private let random: RandomNumbers
  private let output: OutputRange
  private let probability: Double
  private var shown = 0

  /// Nil where nothing is changed. A probability that follows scores counts as its limit.
  package init?(_ spec: ExperimentSpec, side: Int, seed: UInt64, lanes: Lanes) throws(ShapeError) {
    guard let augmentation = DiscriminatorAugmentation(spec), let augment = spec.discriminator.augment else { return nil }
    let graph = Graph(), shape: Shape = [1, 3, side, side]
    let x = try graph.add(Input(name: "images", shape: shape))
    let plan = try Plan(outputs: ["seen": augmentation(x, in: Scope(graph: graph, network: .discriminator))])
    images = FloatBuffer(count: shape.count)
    random = RandomNumbers(plan, seed: seed, purpose: "preview")
    executor = Executor(plan, inputs: random.buffers.merging(["images": images]) { $1 }, lanes: lanes)
    output = spec.generator.output
    probability = if case .fixed(let probability) = augment.probability { probability } else { augment.adaptive!.limit }
  }

  /// Changes the samples of an image, `[3, side, side]`, with numbers of their own each time.
  package func change(_ samples: UnsafeMutableBufferPointer<UInt8>) {
    let isCentered = output != .sigmoid
    for index in samples.indices {
      let value = Float(samples[index]) / 255
      images.base[index] = isCentered ? 2 * value - 1 : value
    }
    random.draw(shown..<shown + 1, probability: probability)
    shown += 1
    executor.run()
    for (index, value) in executor.output("seen").enumerated() {
      let share = isCentered ? (value + 1) / 2 : value
      samples[index] = UInt8(min(255, max(0, (255 * share).rounded())))
    }
  }
}
