import Basics
import Foundation

/// `generator.average`: the moving average of the generator's weights, that samples are drawn from.
package struct AverageSpec: Equatable, Sendable {
  /// What is kept of it in an iteration; nil with a half-life.
  package var decay: Double? = 0.995
  /// After how much training a weight counts half.
  package var halfLife = TrainingSpan.none
  /// The half-life is at most this share of the images that were shown; 0: it is the same from the beginning.
  package var ramp = 0.0

  package init(decay: Double) { self.decay = decay }

  package init(halfLife: TrainingSpan, ramp: Double) { (decay, self.halfLife, self.ramp) = (nil, halfLife, ramp) }

  /// What an iteration keeps of the average.
  ///
  /// - Parameters:
  ///   - iterations: done before it.
  ///   - images: shown before it.
  ///   - shown: images that it shows.
  package func decay(afterIterations iterations: Int, images: Int, shown: Int) -> Double {
    // The average starts close to the weights themselves.
    if let decay { return min(1 - 1 / Double(iterations + 2), decay) }
    var half =
      switch halfLife {
      case .iterations(let count): Double(count) * Double(shown)
      case .images(let count): Double(count)
      }
    if ramp > 0 { half = min(half, ramp * Double(images)) }
    return half > 0 ? pow(0.5, Double(shown) / half) : 0
  }
}

extension FieldType where Value == AverageSpec {
  /// A decay, or a map with a half-life.
  static var average: Self {
    let decay = FieldType<Double>.number(.from(0, below: 1))
    let blank = AverageSpec(halfLife: .images(10_000), ramp: 0.05)
    let schema = ObjectSchema(
      name: "average", blank: blank,
      fields: [
        Field(
          "half_life", \.halfLife, .span, "Length of training after which a weight counts half, in iterations or kimg",
          default: .required, example: "10kimg"),
        Field(
          "ramp", \.ramp, .number(.from(0, to: 1)),
          "The half-life is at most this share of the images that were shown so far; 0: it is the same from the beginning"),
      ])
    let expected = "\(decay.expected), or a map with half_life"
    return FieldType(
      expected: expected, schema: .object([(key: "anyOf", value: .array([decay.schema, schema.schema]))]),
      read: { node, value, reader in
        if node.entries != nil {
          value = blank
          return schema.read(node, into: &value, &reader)
        }
        guard case .scalar = node.content else { return reader.report(node, expected: expected) }
        var number = Double.nan
        decay.read(node, &number, &reader)
        if !number.isNaN { value = AverageSpec(decay: number) }
      },
      write: { average in average.decay.map { .plain($0.spelled) } ?? schema.write(average) })
  }
}
