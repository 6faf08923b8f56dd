import Graph
import Spec

/// How the minibatch deviation is estimated: `unbiased` divides by n - 1 and adds nothing under the root,
/// `population` divides by n and adds 1e-8.
package enum DeviationEstimator: String, CaseIterable, Sendable { case unbiased, population }

/// Appends one map that says how much the images of a group differ: the standard deviation over the group, averaged over
/// channels and pixels (Karras et al. 2018, section 3).
///
/// Sample n of a minibatch of N is in group n mod (N / group), as in the authors' implementation.
package struct MinibatchDeviation: Layer {
  package struct Settings: Equatable, Sendable {
    package var group = 0
    package var estimator = DeviationEstimator.unbiased
  }

  package static var schema: ObjectSchema<Settings> {
    ObjectSchema(
      "minibatch_deviation",
      "Adds a channel that says how much the images of a batch differ, which works against a collapse (Karras et al. 2018)",
      Settings(),
      Field("group", \.group, .integer(0...4096), "Images whose deviation is taken together; 0 takes the whole batch"),
      Field("estimator", \.estimator, .choice, "Whether the variance is divided by n - 1, or by n with 1e-8 added"))
  }

  package static func result(_ settings: Settings, of x: Features, at place: LayerPlace) -> Features {
    Features(channels: x.channels + 1, side: x.side)
  }

  package static func obstacle(_ settings: Settings, batch: Int) -> (words: String, setting: String)? {
    settings.group > 0 && batch % settings.group != 0 ? ("not a multiple of the \(settings.group) of", "group") : nil
  }

  private let settings: Settings

  package init(_ settings: Settings) { self.settings = settings }

  /// The population form's term under the root.
  private static let epsilon = 1e-8

  package func callAsFunction(_ x: Tensor, at site: LayerSite) throws(ShapeError) -> Tensor { try self(x, parts: site.scope.parts) }

  /// `[N, C, H, W]` to `[N, C + 1, H, W]`; N holds `parts` minibatches one after the other.
  package func callAsFunction(_ x: Tensor, parts: Int) throws(ShapeError) -> Tensor {
    let (batch, pixels) = (x.shape[0] / parts, x.shape[2] * x.shape[3])
    let members = settings.group == 0 ? batch : min(settings.group, batch)
    let grouped = try x.reshaped([parts, members, batch / members, x.shape[1] * pixels])
    let one = grouped.shape.replacing(1, with: 1)
    let squares = try (grouped - grouped.mean(to: one)).squared().sum(to: one)
    let deviation =
      switch settings.estimator {
      case .unbiased: try squares.scaled(by: 1 / Double(members - 1)).squareRoot()
      case .population: try (squares.scaled(by: 1 / Double(members)) + Self.epsilon).squareRoot()
      }
    let spread = try deviation.mean(to: one.replacing(3, with: 1))
    let map = try spread.broadcast(to: [parts, members, batch / members, pixels])
      .reshaped([x.shape[0], 1, x.shape[2], x.shape[3]])
    return try x.graph.add(Concatenate(axis: 1), [x, map])
  }
}
