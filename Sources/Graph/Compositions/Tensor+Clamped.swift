extension Tensor {
  /// Numbers beyond `bound`, up or down, become it; others stay as they are, to the bit.
  package func clamped(to bound: Double) throws(ShapeError) -> Tensor {
    let (isAbove, isBelow) = (try (self + -bound).mapped(.slope(0)), try (-self + -bound).mapped(.slope(0)))
    return try self * (1 - (isAbove + isBelow)) + (isAbove - isBelow).scaled(by: bound)
  }
}
