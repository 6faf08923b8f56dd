import Graph
import Spec

/// Twice as many pixels along both sides.
package struct UpsampleLayer: Layer {
  /// `nearest` repeats each pixel; `bilinear` interpolates between pixels, as PyTorch does without aligned corners; `fir` filters by
  /// [1, 3, 3, 1] with zeros beyond the border (Karras et al. 2020).
  package enum Mode: String, CaseIterable, Sendable { case nearest, bilinear, fir }

  package struct Settings: Equatable, Sendable { package var mode = Mode.nearest }

  package static var schema: ObjectSchema<Settings> {
    ObjectSchema(
      "upsample", "Twice as many pixels along both sides", Settings(),
      Field(
        "mode", \.mode, .choice,
        "What new pixels are: repeated, interpolated, or filtered by [1, 3, 3, 1] with zeros beyond the border"))
  }

  package static func result(_ settings: Settings, of x: Features, at place: LayerPlace) throws(LayerMistake) -> Features {
    guard 2 * x.side <= SpecLimits.resolutions.upperBound else {
      throw LayerMistake("it would leave \(2 * x.side)x\(2 * x.side) pixels, more than \(SpecLimits.resolutions.upperBound)")
    }
    return Features(channels: x.channels, side: 2 * x.side)
  }

  private let settings: Settings

  package init(_ settings: Settings) { self.settings = settings }

  package func callAsFunction(_ x: Tensor, at site: LayerSite) throws(ShapeError) -> Tensor {
    let large = try x.apply(UpsampleNearest())
    switch settings.mode {
    case .nearest: return large
    // Blurring what was repeated by [1, 2, 1] is filtering by [1, 3, 3, 1].
    case .fir: return try large.blurred()
    case .bilinear:
      // At the border the blur misses what a repeated pixel would have added.
      let ones = try x.graph.add(Constant(shape: [1, 1, large.shape[2], large.shape[3]], value: 1))
      return try large.blurred() * ones.blurred().reciprocal()
    }
  }
}
