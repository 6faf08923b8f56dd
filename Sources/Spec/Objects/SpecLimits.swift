/// The largest values that a spec may ask for: generous, but small enough that products of them do not overflow.
package enum SpecLimits {
  /// Sides of images, in pixels; powers of two.
  package static let resolutions = 4...1024
  /// Channels of a layer.
  package static let channels = 1...8192
  /// Layers of a list, at most.
  static let layers = 1000

  /// Whether images may have sides of so many pixels.
  static func isResolution(_ side: Int) -> Bool { resolutions.contains(side) && side & (side - 1) == 0 }
  /// Images a batch; one image has no minibatch deviation.
  static let batch = 2...4096
  /// Iterations that something lasts or recurs after.
  package static let iterations = 1...1_000_000_000
}
