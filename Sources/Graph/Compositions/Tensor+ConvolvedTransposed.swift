import Kernels

extension Tensor {
  /// The transposed convolution of images `[N, C, H, W]` with filters `[C, K, R, S]`: `[N, K, (H - 1) stride - 2 padding + R, ...]`. It is
  /// the transpose of ``convolved(with:stride:padding:border:groups:)`` by the same filter, as PyTorch's ConvTranspose2d.
  package func convolvedTransposed(with filter: Tensor, stride: Int = 1, padding: Int = 0) throws(ShapeError) -> Tensor {
    try convolvedTransposed(with: filter, stride: stride, padding: padding, by: nil)
  }

  /// - Parameter form: nil for the one that is faster.
  func convolvedTransposed(
    with filter: Tensor, stride: Int, padding: Int, by form: StridedForm?
  ) throws(ShapeError) -> Tensor {
    func reject(_ reason: String) -> ShapeError {
      ShapeError(op: "convolvedTransposed", inputs: [shape, filter.shape], reason: reason)
    }
    guard shape.rank == 4, filter.shape.rank == 4, stride >= 1, padding >= 0, filter.shape[0] == shape[1] else {
      throw reject("needs images [N, C, H, W] and filters [C, K, R, S]")
    }
    let height = (shape[2] - 1) * stride - 2 * padding + filter.shape[2]
    let width = (shape[3] - 1) * stride - 2 * padding + filter.shape[3]
    guard height >= 1, width >= 1 else { throw reject("a padding of \(padding) leaves nothing") }
    guard stride > 1 else { return try backward(to: (height, width), filter, padding: padding) }
    guard
      let plane = StridedPlane(
        form, image: [shape[0], filter.shape[1], height, width], filter: filter.shape, stride: stride, padding: padding)
    else { throw reject("no such form of a stride of \(stride)") }
    return try plane.joined(
      backward(to: (plane.y.length, plane.x.length), plane.divided(filter: filter), padding: plane.y.border), height: height,
      width: width)
  }

  /// The image slot of a convolution without a stride, of which this is the output.
  private func backward(
    to image: (height: Int, width: Int), _ filter: Tensor, padding: Int
  ) throws(ShapeError) -> Tensor {
    let extents = ConvolutionShape(
      batch: shape[0], inputs: filter.shape[1], outputs: filter.shape[0], height: image.height, width: image.width,
      filterHeight: filter.shape[2], filterWidth: filter.shape[3], padding: padding)
    return try graph.add(Convolution(extents, result: .a), [filter, self])
  }
}
