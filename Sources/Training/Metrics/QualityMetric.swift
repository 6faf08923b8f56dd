import Spec

/// A measure of how good drawn images are, or how varied.
package protocol QualityMetric: Sendable {
  /// Which of the spec's metrics it is.
  static var kind: EvaluateSpec.Metric { get }
  init()

  /// What is the same for every generator: the measure between training images, by column. Empty where it cannot be taken.
  func floor(_ reals: RealImages) -> [String: Float]

  /// What `drawn` images measure, by column. Empty where it cannot be taken, as at a resolution too low.
  func values(_ drawn: ImageSet, _ reals: RealImages) -> [String: Float]
}
