import Kernels

extension Tensor {
  /// The convolution of images `[N, C, H, W]` with filters `[K, C / groups, R, S]`: `[N, K, P, Q]` with
  /// P = floor((H + 2 padding - R) / stride) + 1; rows and columns that fill no step are not read.
  ///
  /// - Parameters:
  ///   - padding: pixels on each side.
  ///   - border: what they hold; with a stride above 1, only zeros.
  ///   - groups: the k-th part of the outputs reads the k-th part of the channels.
  package func convolved(
    with filter: Tensor, stride: Int = 1, padding: Int = 0, border: Border = .zeros, groups: Int = 1
  ) throws(ShapeError) -> Tensor {
    try convolved(with: filter, stride: stride, padding: padding, border: border, groups: groups, by: nil)
  }

  /// - Parameter form: nil for the one that is faster.
  func convolved(
    with filter: Tensor, stride: Int, padding: Int, border: Border = .zeros, groups: Int = 1, by form: StridedForm?
  ) throws(ShapeError) -> Tensor {
    func reject(_ reason: String) -> ShapeError { ShapeError(op: "convolved", inputs: [shape, filter.shape], reason: reason) }
    guard shape.rank == 4, filter.shape.rank == 4, stride >= 1, padding >= 0, groups >= 1, shape[1] % groups == 0,
      filter.shape[0] % groups == 0, filter.shape[1] == shape[1] / groups
    else { throw reject("needs images [N, C, H, W] and filters [K, C / \(groups), R, S] of \(groups) groups") }
    guard shape[2] + 2 * padding >= filter.shape[2], shape[3] + 2 * padding >= filter.shape[3] else {
      throw reject("the filter is larger than the image with a padding of \(padding)")
    }
    guard stride > 1 else { return try convolved(with: filter, padding: padding, border: border, groups: groups) }
    guard border == .zeros || padding == 0 else { throw reject("a stride of \(stride) pads with zeros only, not by reflection") }
    guard
      let plane = StridedPlane(
        form, image: shape, filter: filter.shape, stride: stride, padding: padding)
    else { throw reject("no such form of a stride of \(stride)") }
    return try plane.divided(self)
      .convolved(with: plane.divided(filter: filter), padding: plane.y.border, border: .zeros, groups: groups)
  }

  /// Without a stride.
  private func convolved(
    with filter: Tensor, padding: Int, border: Border, groups: Int
  ) throws(ShapeError) -> Tensor {
    let batch = shape[0], (inputs, outputs) = (shape[1] / groups, filter.shape[0] / groups)
    let extents = ConvolutionShape(
      batch: batch, inputs: inputs, outputs: outputs, height: shape[2], width: shape[3], filterHeight: filter.shape[2],
      filterWidth: filter.shape[3], padding: padding, border: border, groups: groups)
    guard groups > 1 else { return try graph.add(Convolution(extents), [self, filter]) }
    // A group's images one after the other.
    let images = try reshaped([batch, groups, inputs, shape[2], shape[3]]).permuted([1, 0, 2, 3, 4])
      .reshaped([groups * batch, inputs, shape[2], shape[3]])
    let (height, width) = (extents.outputHeight, extents.outputWidth)
    return try graph.add(Convolution(extents), [images, filter]).reshaped([groups, batch, outputs, height, width])
      .permuted([1, 0, 2, 3, 4]).reshaped([batch, groups * outputs, height, width])
  }
}
