extension Tensor {
  /// `e^x / sum e^x` along an axis, of numbers of any size: their largest is subtracted first, which changes nothing.
  package func softmax(axis: Int) throws(ShapeError) -> Tensor {
    let rest = shape.replacing(axis, with: 1)
    let powers = try (self - maximum(to: rest)).exponential()
    return try powers * powers.sum(to: rest).reciprocal()
  }
}
