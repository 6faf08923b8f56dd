import Basics
import Spec

/// A measure of how good drawn images are, or how varied. Where ``Lanes/isLeft`` nothing that lanes have computed has a meaning, and what is
/// measured is thrown away; a metric need only come to its end.
package protocol QualityMetric: Plugin, MeasureDeclaration {
  /// The memory that it takes to measure so many images.
  static func memory(_ size: MeasuredSize) -> MemoryNeed

  /// What is the same for every generator: the measure between training images, by the column that it is the floor of. Empty where
  /// it cannot be taken.
  func floor(_ reals: RealImages) -> [String: Float]

  /// Begins to measure drawn images, which are compared with `reals`.
  func measurement(_ reals: RealImages) -> any QualityMeasurement
}

/// One measuring of drawn images, which come a portion at a time, since all of them may not fit into memory.
package protocol QualityMeasurement {
  /// Takes the next drawn images, an even number but for the last portion.
  mutating func add(_ images: ImageSet)

  /// What all of them measure, by column. Empty where it cannot be taken, as at a resolution too low.
  func values() -> [String: Float]
}

extension QualityMetric {
  /// What `drawn` images measure, by column.
  package func values(_ drawn: ImageSet, _ reals: RealImages) -> [String: Float] {
    var measurement = measurement(reals)
    measurement.add(drawn)
    return measurement.values()
  }
}

/// How much is measured at a time.
package struct MeasuredSize: Sendable {
  /// The side of the images in pixels.
  package let side: Int
  /// Images that are drawn.
  package let drawn: Int
  /// Training images that they may be compared with.
  package let real: Int
  package let threads: Int

  package init(side: Int, drawn: Int, real: Int, threads: Int) {
    self.side = side
    self.drawn = drawn
    self.real = real
    self.threads = threads
  }

  /// Training images of each half that is compared with the other one, and with as many drawn ones.
  var half: Int { min(drawn, real / 2) }
  /// Samples of an image of `side`.
  static func samples(_ side: Int) -> Int { 3 * side * side }
}
