import Kernels

extension Tensor {
  /// Products of matrices, pair by pair: `[B, I, K]` and `[B, K, J]` to `[B, I, J]`.
  ///
  /// - Parameters:
  ///   - transposingLeft: the left matrices are given as `[B, K, I]`.
  ///   - transposingRight: the right ones are given as `[B, J, K]`.
  package func product(
    _ right: Tensor, transposingLeft: Bool = false, transposingRight: Bool = false
  ) throws(ShapeError) -> Tensor {
    guard shape.rank == 3, right.shape.rank == 3, shape[0] == right.shape[0],
      shape[transposingLeft ? 1 : 2] == right.shape[transposingRight ? 2 : 1]
    else {
      let form = "\(transposingLeft ? "transposed " : "")matrices by \(transposingRight ? "transposed " : "")matrices"
      throw ShapeError(op: "product", inputs: [shape, right.shape], reason: "no product of \(form)")
    }
    if transposingLeft && transposingRight { return try right.product(self).permuted([0, 2, 1]) }
    // The form T(image, filter, output) of 1x1 filters: output = filter image, image = filterᵀ output, filter = output imageᵀ.
    let batch = shape[0], outputs = shape[1], inputs = right.shape[1], (inner, width) = (shape[2], right.shape[2])
    let extents = Self.products(
      batch, inputs: transposingRight ? inputs : inner, outputs: outputs, width: transposingRight ? inner : width)
    let filter: Shape = [batch * outputs, extents.inputs, 1, 1]
    let image: Shape = [batch, extents.inputs, 1, extents.width], output: Shape = [batch, outputs, 1, extents.width]
    if transposingLeft {
      return try graph.add(Convolution(extents, result: .a), [reshaped(filter), right.reshaped(output)])
        .reshaped([batch, inner, width])
    }
    if transposingRight {
      return try graph.add(Convolution(extents, result: .b), [right.reshaped(image), reshaped(output)])
        .reshaped([batch, outputs, inputs])
    }
    return try graph.add(Convolution(extents), [right.reshaped(image), reshaped(filter)]).reshaped([batch, outputs, width])
  }

  private static func products(_ batch: Int, inputs: Int, outputs: Int, width: Int) -> ConvolutionShape {
    ConvolutionShape(
      batch: 1, inputs: inputs, outputs: outputs, height: 1, width: width, filterHeight: 1, filterWidth: 1, groups: batch)
  }
}
