import Basics
import Graph
import Images
import Kernels
import Models
import Runs
import Spec

/// Draws images with the averaged generator at one resolution.
package final class Sampler {
  package let level: Int
  package let fading: Bool

  private let generator: Generator
  private let executor: Executor
  /// What brings statistics that drawing uses up to date; nil where no layer has any.
  private let settling: Settling?
  /// What styles are truncated towards; nil where they are not.
  private let meanStyle: MeanStyle?
  /// The alpha that they were brought up to date for.
  private var settledAlpha: Double?
  private let latents: FloatBuffer
  private let alpha = FloatBuffer(count: 1)
  private let chunk: Int
  private let random: RandomNumbers

  /// Images drawn at a time, at most.
  static let largestChunk = 8

  /// - Parameters:
  ///   - weights: buffers by `generator.<parameter>`.
  ///   - arena: memory to borrow while drawing, if it is large enough.
  ///   - truncation: what is kept of styles' distance to their mean; nil for all. The spec has a mapping.
  package init(
    _ spec: ExperimentSpec, level: Int, fading: Bool, weights: [String: FloatBuffer], chunk: Int = largestChunk, lanes: Lanes,
    arena: FloatBuffer? = nil, truncation: Double? = nil
  ) throws(ShapeError) {
    generator = Generator(spec.generator)
    self.level = level
    self.fading = fading && level > 0
    self.chunk = min(chunk, Self.largestChunk)
    latents = FloatBuffer(count: generator.latentShape(count: self.chunk).count)
    let plan = try Self.plan(spec, level: level, fading: fading, chunk: self.chunk, isTruncated: truncation != nil)
    let settling = try Settling(
      spec, level: level, fading: self.fading, weights: weights, alpha: self.alpha, lanes: lanes, arena: arena)
    self.settling = settling
    random = RandomNumbers(plan, seed: spec.seed, purpose: "drawing")
    var inputs = weights.merging(random.buffers) { $1 }.merging(settling?.statistics ?? [:]) { $1 }
    (inputs["latent"], inputs["alpha"]) = (latents, self.alpha)
    if let truncation {
      let style = try MeanStyle(spec, inputs: inputs, lanes: lanes)
      (inputs["truncation"], inputs["mean style"]) = (FloatBuffer([Float(truncation)]), style.values)
      meanStyle = style
    } else {
      meanStyle = nil
    }
    let borrowed = arena.flatMap { $0.count >= plan.arenaCount ? $0 : nil }
    executor = Executor(plan, inputs: inputs, lanes: lanes, arena: borrowed)
  }

  /// Asks that statistics are brought up to date before the next image: the weights have changed.
  package func forgetStatistics() { settledAlpha = nil }

  /// What is done for `chunk` images.
  static func plan(
    _ spec: ExperimentSpec, level: Int, fading: Bool, chunk: Int, isTruncated: Bool = false
  ) throws(ShapeError) -> Plan {
    let (graph, generator) = (Graph(), Generator(spec.generator))
    let scope = Scope(graph: graph, network: .generator, mode: .drawing)
    let alpha = fading && level > 0 ? try graph.add(Input(name: "alpha", shape: .scalar)) : nil
    let latent = try graph.add(Input(name: "latent", shape: generator.latentShape(count: chunk)))
    let truncation: Generator.Truncation? =
      isTruncated
      ? Generator.Truncation(
        share: try graph.add(Input(name: "truncation", shape: .scalar)),
        mean: try graph.add(Input(name: "mean style", shape: [1, spec.generator.mapped.channels, 1, 1]))) : nil
    return try Plan(outputs: ["image": generator(latent, level: level, alpha: alpha, in: scope, truncation: truncation)])
  }

  /// Numbers of one latent.
  package var latentCount: Int { generator.latentShape(count: 1).count }
  /// Side of the images.
  package var resolution: Int { Resolution.side(level: level) }

  /// An image for each latent; `latents` holds them one after the other.
  ///
  /// - Parameter number: of the first image. Noise of layers is drawn by the number of an image, where `isSteady` all have that of the first.
  package func images(_ values: [Float], alpha: Double, from number: Int = 0, isSteady: Bool = false) -> [RGBImage] {
    let size = 3 * resolution * resolution
    var images: [RGBImage] = []
    run(values, alpha: alpha, from: number, isSteady: isSteady) { _, count, output in
      images += (0..<count).map {
        RGBImage(
          planar: UnsafeBufferPointer(rebasing: output[$0 * size..<($0 + 1) * size]), side: resolution,
          range: generator.spec.output.range)
      }
    }
    return images
  }

  /// Writes an image for each latent to `bytes`, `[count, 3, resolution, resolution]`, with the samples that ``images(_:alpha:)`` has.
  package func draw(_ values: [Float], alpha: Double, from number: Int = 0, into bytes: UnsafeMutablePointer<UInt8>) {
    let size = 3 * resolution * resolution
    run(values, alpha: alpha, from: number, isSteady: false) { first, count, output in
      ImageBytes.encode(
        UnsafeBufferPointer(rebasing: output[..<(count * size)]), range: generator.spec.output.range, into: bytes + first * size)
    }
  }

  /// Draws in chunks, and calls `body` with the number of a chunk's first image, its count and its values.
  private func run(
    _ values: [Float], alpha: Double, from number: Int, isSteady: Bool, _ body: (Int, Int, UnsafeBufferPointer<Float>) -> Void
  ) {
    self.alpha.base[0] = Float(alpha)
    if settledAlpha != alpha {
      settling?.run()
      meanStyle?.run()
      settledAlpha = alpha
    }
    let count = values.count / latentCount
    for first in stride(from: 0, to: count, by: chunk) {
      let used = min(chunk, count - first)
      values.withUnsafeBufferPointer {
        latents.base.update(from: $0.baseAddress! + first * latentCount, count: used * latentCount)
      }
      random.draw((first..<first + chunk).map { isSteady ? number : number + $0 })
      executor.run()
      body(first, used, executor.output("image"))
    }
  }
}

extension OutputRange {
  /// What black and white are to the networks.
  package var range: ClosedRange<Float> { self == .sigmoid ? 0...1 : -1...1 }
}
