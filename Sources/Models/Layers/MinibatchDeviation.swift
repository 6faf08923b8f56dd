import Graph
import Spec

/// Appends one map that says how much the images of a group differ: the standard deviation over the group, averaged over
/// channels and pixels (Karras et al. 2018, section 3).
///
/// Sample n of a minibatch of N is in group n mod (N / group), as in the authors' implementation.
package struct MinibatchDeviation: Sendable {
  /// Images a group; 0 for all of a minibatch.
  package let group: Int
  package let estimator: DeviationEstimator

  /// The population form's term under the root.
  private static let epsilon = 1e-8

  /// `[N, C, H, W]` to `[N, C + 1, H, W]`; N holds `parts` minibatches one after the other.
  package func callAsFunction(_ x: Tensor, parts: Int) throws(ShapeError) -> Tensor {
    let (batch, pixels) = (x.shape[0] / parts, x.shape[2] * x.shape[3])
    let members = group == 0 ? batch : min(group, batch)
    let grouped = try x.reshaped([parts, members, batch / members, x.shape[1] * pixels])
    let one = grouped.shape.replacing(1, with: 1)
    let squares = try (grouped - grouped.mean(to: one)).squared().sum(to: one)
    let deviation =
      switch estimator {
      case .unbiased: try squares.scaled(by: 1 / Double(members - 1)).squareRoot()
      case .population: try (squares.scaled(by: 1 / Double(members)) + Self.epsilon).squareRoot()
      }
    let spread = try deviation.mean(to: one.replacing(3, with: 1))
    let map = try spread.broadcast(to: [parts, members, batch / members, pixels])
      .reshaped([x.shape[0], 1, x.shape[2], x.shape[3]])
    return try x.graph.add(Concatenate(axis: 1), [x, map])
  }
}
