import Basics
import Graph
import Kernels

/// The random numbers that a plan's layers ask for: noise, dropout, style mixing. Those of an image depend on the seed, the input's name and
/// the image's number alone.
final class RandomNumbers {
  /// Memory for each, by the names of the plan's inputs.
  let buffers: [String: FloatBuffer]
  private var streams: [(buffer: FloatBuffer, count: Int, distribution: Random.Distribution, stream: RandomStream)]

  /// - Parameter purpose: what names of streams begin with, so that each plan draws its own.
  init(_ plan: Plan, seed: UInt64, purpose: String) {
    var buffers: [String: FloatBuffer] = [:]
    streams = plan.random.sorted { $0.key < $1.key }.map { name, distribution in
      let shape = plan.inputs[name]!
      let buffer = FloatBuffer(count: shape.count)
      buffers[name] = buffer
      return (buffer, shape.count / shape[0], distribution, RandomStream(seed: seed, name: "\(purpose).\(name)"))
    }
    self.buffers = buffers
  }

  /// Draws the numbers of the images with these numbers. An input may hold several minibatches of as many images, one after the other, as
  /// that of real and generated ones does: each has numbers of its own.
  ///
  /// - Parameter probability: that of changes to images that the discriminator sees.
  func draw(_ images: some Collection<Int>, probability: Double = 1) {
    for index in streams.indices {
      let (buffer, count, distribution) = (streams[index].buffer, streams[index].count, streams[index].distribution)
      let blocks = distribution.blocks(count)
      let minibatches = buffer.count / count / images.count
      precondition(minibatches * count * images.count == buffer.count, "\(buffer.count / count) images are no \(images.count)")
      for minibatch in 0..<minibatches {
        for (place, image) in images.enumerated() {
          streams[index].stream.position = UInt64((image * minibatches + minibatch) * blocks)
          let start = buffer.base + (minibatch * images.count + place) * count
          distribution.draw(
            &streams[index].stream, probability: probability, UnsafeMutableBufferPointer(start: start, count: count))
        }
      }
    }
  }
}

extension Random.Distribution {
  /// Blocks of a stream that `count` numbers take.
  fileprivate func blocks(_ count: Int) -> Int {
    switch self {
    case .normal, .dropout: (count + 3) / 4
    case .uniform: count
    case .crossing: 2 * count
    case .rule(let rule): rule.draw.blocks(count)
    }
  }

  fileprivate func draw(_ stream: inout RandomStream, probability: Double, _ values: UnsafeMutableBufferPointer<Float>) {
    switch self {
    case .normal: stream.fill(values)
    case .uniform: for index in values.indices { values[index] = Float(stream.uniform()) }
    case .dropout(let probability):
      let (first, kept) = (stream.take(blocks: blocks(values.count)), Float(1 / (1 - probability)))
      let bound = UInt64(probability * 0x1p32)
      for block in 0..<(values.count + 3) / 4 {
        let words = RandomStream.philox(counter: first + UInt64(block), key: stream.key)
        for (offset, word) in [words.0, words.1, words.2, words.3].enumerated() where 4 * block + offset < values.count {
          values[4 * block + offset] = UInt64(word) < bound ? 0 : kept
        }
      }
    case .rule(let rule): rule.draw.draw(&stream, probability: probability, values)
    case .crossing(let layers, let probability):
      for index in values.indices {
        let (mixes, layer) = (stream.uniform() < probability, 1 + stream.below(layers - 1))
        values[index] = Float(mixes ? layer : layers)
      }
    }
  }
}
