import Basics
import Graph
import Kernels

/// A kernel that `fadein bench kernels` times.
enum KernelCase {
  /// A slot of a convolution of mel-icon's networks.
  case convolution(layer: String, ConvolutionShape, ConvolutionSlot)
  /// A kernel that is as fast as memory lets it be, and the bytes that it reads and writes. Made late: its operands are large.
  case memory(String, (Lanes) throws -> (benchmark: KernelBenchmark, bytes: Int))

  /// What `--filter` looks at.
  var name: String {
    switch self {
    case .convolution(let layer, _, let slot): "\(layer) \(slot)"
    case .memory(let name, _): name
    }
  }

  /// Every kernel, the convolutions first.
  static var all: [KernelCase] {
    let layers = widths.indices.flatMap { generator($0) + discriminator($0) } + [head]
    return layers.flatMap { layer in ConvolutionSlot.allCases.map { .convolution(layer: layer.name, layer.shape, $0) } } + memory
  }
}

/// The convolutions of experiments/mel-icon.yaml, named as their layers.
extension KernelCase {
  private typealias Layer = (name: String, shape: ConvolutionShape)
  private static let batch = 8
  private static let (latent, top) = (512, 512)
  private static let widths = [256, 128, 64, 32, 16, 8, 4]

  private static func side(_ level: Int) -> Int { 4 << level }

  private static func generator(_ level: Int) -> [Layer] {
    let width = widths[level]
    let first =
      level == 0
      ? hidden(latent, width, side(0)) : hidden(widths[level - 1], width, side(level - 1), upsampling: 2)
    return [
      ("generator.blocks.\(level).conv1", first),
      ("generator.blocks.\(level).conv2", hidden(width, width, side(level))),
      ("generator.to_rgb.\(level)", pointwise(width, 3, side(level))),
    ]
  }

  private static func discriminator(_ level: Int) -> [Layer] {
    let (width, next) = (widths[level], level == 0 ? top : widths[level - 1])
    let last =
      level == 0
      ? ConvolutionShape(batch: batch, inputs: top, outputs: top, height: 4, width: 4, filterHeight: 4, filterWidth: 4)
      : hidden(next, next, side(level))
    return [
      ("discriminator.from_rgb.\(level)", pointwise(3, width, side(level))),
      // The first block also sees the minibatch's deviation.
      ("discriminator.blocks.\(level).conv1", hidden(level == 0 ? width + 1 : width, next, side(level))),
      ("discriminator.blocks.\(level).conv2", last),
    ]
  }

  private static var head: Layer { ("discriminator.head", pointwise(top, 1, 1)) }

  private static func hidden(_ inputs: Int, _ outputs: Int, _ side: Int, upsampling: Int = 1) -> ConvolutionShape {
    ConvolutionShape(
      batch: batch, inputs: inputs, outputs: outputs, height: side, width: side, filterHeight: 3, filterWidth: 3, padding: 1,
      border: .reflect, upsampling: upsampling)
  }

  private static func pointwise(_ inputs: Int, _ outputs: Int, _ side: Int) -> ConvolutionShape {
    ConvolutionShape(batch: batch, inputs: inputs, outputs: outputs, height: side, width: side, filterHeight: 1, filterWidth: 1)
  }
}

/// Kernels that move more than they compute.
extension KernelCase {
  private static var memory: [KernelCase] {
    let shapes: [Shape] = [[batch, 64, 16, 16], [batch, 4, 256, 256]]
    return shapes.flatMap { shape in
      [
        tile("add", shape) { x, _ in try x + x.graph.add(Input(name: "other", shape: shape)) },
        tile("bias and leaky ReLU", shape) { x, bias in try (x.scaled(by: 0.5) + bias).mapped(.leakyReLU(0.2)) },
        tile("bias, leaky ReLU, pixel norm", shape) { x, bias in try normalized((x.scaled(by: 0.5) + bias).mapped(.leakyReLU(0.2)))
        },
        tile("sum to channels", shape) { x, bias in try x.sum(to: bias.shape) },
        copy("gather", shape), copy("embed", shape), copy("concatenate", shape),
      ]
    } + [adam]
  }

  /// The generator's pixel norm.
  private static func normalized(_ x: Tensor) throws -> Tensor {
    try x * (x.squared().mean(to: x.shape.replacing(1, with: 1)) + 1e-8).squareRoot().reciprocal()
  }

  /// One tile program of a formula in an activation and a bias.
  private static func tile(
    _ name: String, _ shape: Shape, _ formula: @escaping (_ x: Tensor, _ bias: Tensor) throws -> Tensor
  ) -> KernelCase {
    .memory("tile \(shape) \(name)") { lanes in
      let graph = Graph()
      let x = try graph.add(Input(name: "x", shape: shape))
      let plan = try Plan(outputs: ["y": formula(x, try graph.add(Input(name: "bias", shape: [1, shape[1], 1, 1])))])
      precondition(plan.steps.count == 1, "\(name) takes \(plan.steps.count) steps")
      let inputs = plan.steps[0].inputs.map { place in
        guard case .input(let name, _) = place else { preconditionFailure("an operand in the arena") }
        return randomFloats(plan.inputs[name]!.count)
      }
      // A program may also write an activation that it reads again.
      let y = plan.outputs["y"]!
      let outputs = plan.steps[0].outputs.map { FloatBuffer(count: $0 == y.place ? y.shape.count : shape.count) }
      return benchmark(plan.steps[0].kernel, inputs, outputs, lanes)
    }
  }

  /// Half of the channels out of a tensor or into one, or both halves into one.
  private static func copy(_ name: String, _ shape: Shape) -> KernelCase {
    .memory("copy \(shape) \(name)") { lanes in
      let stride = shape.count / shape[0], half = stride / 2
      let blocks = [0, half].map { StridedCopy(outer: shape[0], stride: stride, offset: $0, count: half) }
      let (large, small) = (randomFloats(shape.count), randomFloats(shape.count / 2))
      return switch name {
      // The other half is not read.
      case "gather": (KernelBenchmark(.copy(blocks[1], .gather), inputs: [large], outputs: [small], lanes: lanes), 4 * shape.count)
      case "embed": benchmark(.copy(blocks[1], .embed), [small], [large], lanes)
      default: benchmark(.concatenate(blocks), [small, randomFloats(shape.count / 2)], [large], lanes)
      }
    }
  }

  /// Adam and the moving average for all filters of the generator.
  private static var adam: KernelCase {
    .memory("adam generator") { lanes in
      let counts = widths.indices.flatMap(generator).map(\.shape.filterCount)
      let settings = AdamSettings(beta1: 0, beta2: 0.99, epsilon: 1e-8)
      // The rate, the average's decay and two corrections a tensor.
      let numbers = FloatBuffer([1e-3, 0.995] + counts.flatMap { _ in [Float(1), 0.5] })
      let (weights, gradients) = (counts.map(randomFloats), counts.map(randomFloats))
      let outputs = zip(weights, counts).flatMap { [$0, FloatBuffer(count: $1), FloatBuffer(count: $1)] }
      let kernel = Kernel.adam(settings, counts: counts, averages: true)
      // Reads gradients, and reads and writes weights, second moments and averages.
      return (
        KernelBenchmark(kernel, inputs: gradients + [numbers], outputs: outputs, lanes: lanes), 7 * 4 * counts.reduce(0, +)
      )
    }
  }

  /// A kernel that reads and writes everything once.
  private static func benchmark(
    _ kernel: Kernel, _ inputs: [FloatBuffer], _ outputs: [FloatBuffer], _ lanes: Lanes
  ) -> (benchmark: KernelBenchmark, bytes: Int) {
    let count = (inputs + outputs).reduce(0) { $0 + $1.count }
    return (KernelBenchmark(kernel, inputs: inputs, outputs: outputs, lanes: lanes), 4 * count)
  }

  private static func randomFloats(_ count: Int) -> FloatBuffer {
    var stream = RandomStream(seed: 0, name: "bench")
    return FloatBuffer(stream.normals(count))
  }
}
