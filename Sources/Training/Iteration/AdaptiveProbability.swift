import Spec

/// A probability that follows how sure the discriminator is of real images (Karras et al. 2020, "Training generative adversarial networks with
/// limited data", section 3.2).
package struct AdaptiveProbability: Codable, Equatable, Sendable {
  package private(set) var probability = 0.0
  /// The sum of mean signs since it moved last, how many they are, and of how many images.
  private var signs = 0.0
  private var count = 0
  private var images = 0

  /// Minibatches after which it moves.
  private static let interval = 4

  package init() {}

  /// Whether a training can have come to it.
  var isSound: Bool {
    (0...1).contains(probability) && (0..<Self.interval).contains(count) && abs(signs) <= Double(Self.interval)
      && (0...1 << 40).contains(images)
  }

  /// Takes the mean sign of scores of a minibatch of real images, and every fourth time moves by the images of four over the length in which it
  /// would go from 0 to 1.
  package mutating func add(sign: Double, batch: Int, imagesPerIteration: Int, _ rule: AdaptiveSpec) {
    guard sign.isFinite else { return }
    (signs, count, images) = (signs + sign, count + 1, images + batch)
    guard count == Self.interval else { return }
    let length =
      switch rule.speed {
      case .images(let images): images
      case .iterations(let iterations): iterations * imagesPerIteration
      }
    let mean = signs / Double(count)
    let step = Double(images) / Double(max(1, length))
    probability = min(rule.limit, max(0, probability + (mean > rule.target ? step : mean < rule.target ? -step : 0)))
    (signs, count, images) = (0, 0, 0)
  }
}
