extension Tensor {
  /// The largest number of each 2x2 pixels, `[N, C, H, W]` to `[N, C, H / 2, W / 2]`. Equal numbers share the derivative.
  package func maxPooled() throws(ShapeError) -> Tensor {
    guard shape.rank == 4, shape[2] % 2 == 0, shape[3] % 2 == 0 else {
      throw ShapeError(op: "maxPooled", inputs: [shape], reason: "needs images of even sides")
    }
    let (planes, height, width) = (shape[0] * shape[1], shape[2] / 2, shape[3] / 2)
    let fours = try reshaped([planes, height, 2, width, 2]).permuted([2, 4, 0, 1, 3]).reshaped([4, planes * height * width])
    let largest: Shape = [1, planes * height * width]
    // 1 where nothing is larger.
    let isLargest = try 1 - (fours.maximum(to: largest) - fours).mapped(.slope(0))
    let pooled = try (fours * isLargest).sum(to: largest) * isLargest.sum(to: largest).reciprocal()
    return try pooled.reshaped([shape[0], shape[1], height, width])
  }
}
