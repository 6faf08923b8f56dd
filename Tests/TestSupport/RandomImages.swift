import Basics
import Datasets
import Images

/// `count` random samples, the same in every run.
package func randomSamples(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
  var stream = RandomStream(seed: seed, name: "test.samples")
  return (0..<count).map { _ in UInt8(stream.below(256)) }
}

/// An image of random samples.
package func randomImage(_ width: Int, _ height: Int, seed: UInt64 = 1) -> RGBImage {
  RGBImage(width: width, height: height, pixels: randomSamples(width * height * 3, seed: seed))
}

/// `count` random images of side `side` in memory.
package func randomDataset(count: Int, side: Int) -> Dataset {
  Dataset(resolution: side, pixels: randomSamples(count * 3 * side * side))
}

extension RandomStream: RandomNumberGenerator {}
