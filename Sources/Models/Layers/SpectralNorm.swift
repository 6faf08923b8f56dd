import Graph
import Spec

/// The largest singular value of a layer's weights, by which its result is divided (Miyato et al. 2018).
///
/// One power iteration follows it: `v = normalize(Wᵀ u)`, `u = normalize(W v)`, `sigma = u · W v`, W the weights as a matrix with a row for
/// each channel that leaves. u and v are constants for derivatives. u is a statistic of the layer; an own iteration goes on with what the
/// one before has left. A layer is linear, so its result is divided and not its weights.
package enum SpectralNorm: String, CaseIterable, Sendable {
  case none
  /// An iteration each time that features pass, as in PyTorch: real, generated and mixed images each have their own sigma.
  case pass
  /// One iteration for all passes of an update, kept by the updates of the own network (Zhang et al. 2019).
  case step

  /// What the layer's result is multiplied by, `[1, 1, 1, 1]`, or `[N, 1, 1, 1]` where minibatches have values of their own; nil without a
  /// norm.
  ///
  /// - Parameters:
  ///   - axis: that of the channels that leave.
  ///   - name: of the vector u, as in `conv1.u`.
  ///   - batch: N.
  func factor(
    of weight: Tensor, axis: Int, _ name: String, batch: Int, in scope: Scope
  ) throws(ShapeError) -> Tensor? {
    guard self != .none else { return nil }
    let outputs = weight.shape[axis], outer = weight.shape.dims[..<axis].reduce(1, *)
    // A row for each channel that leaves, which is the second axis.
    let matrix = try weight.reshaped([outer, outputs, 1, weight.shape.count / outputs / outer])
    let stored = try scope.statistic(name, [outputs], .direction)
    func factor(_ u: Tensor, iterating: Bool) throws(ShapeError) -> (factor: Tensor, u: Tensor) {
      let old = try u.reshaped([1, outputs, 1, 1])
      let v = try (matrix * old).sum(to: [outer, 1, 1, matrix.shape[3]]).normalized().detached()
      let product = try (matrix * v).sum(to: [1, outputs, 1, 1])
      let new = iterating ? try product.normalized().detached() : old
      return (try (new * product).sum(to: .scalar).reciprocal(), try new.reshaped([outputs]))
    }
    switch scope.mode {
    case .drawing: return try factor(stored, iterating: false).factor
    case .settling: break
    case .training where self == .step:
      return try scope.once(name) { () throws(ShapeError) in
        let (value, u) = try factor(stored, iterating: true)
        if scope.isLearning { scope.update(name, to: u) }
        return value
      }
    case .training: break
    }
    // Minibatches of a pass come one after the other.
    var (factors, u) = ([Tensor](), stored)
    for _ in 0..<scope.parts {
      let (value, next) = try factor(u, iterating: true)
      factors.append(value)
      u = next
    }
    scope.update(name, to: u)
    guard scope.parts > 1 else { return factors[0] }
    let repeated = try factors.map { value throws(ShapeError) in try value.broadcast(to: [batch / scope.parts, 1, 1, 1]) }
    return try scope.graph.add(Concatenate(axis: 0), repeated)
  }
}

extension Tensor {
  /// This tensor of length 1, or 0 if it is 0.
  fileprivate func normalized() throws(ShapeError) -> Tensor {
    try self * squared().sum(to: .scalar).squareRoot().reciprocal()
  }
}
