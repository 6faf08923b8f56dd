import Graph

extension Tensor {
  /// `(x - mean) / sqrt(variance + epsilon)`, mean and variance over every axis whose extent in `shape` is 1.
  func standardized(over shape: Shape, epsilon: Double) throws(ShapeError) -> Tensor {
    let centered = try self - mean(to: shape)
    return try centered * (centered.squared().mean(to: shape) + epsilon).squareRoot().reciprocal()
  }
}

extension LayerSite {
  /// `x * scale + bias`, a learned scale and bias for each channel.
  func scaled(_ x: Tensor, initial: Variable.Initializer = .constant(1)) throws(ShapeError) -> Tensor {
    let channels = x.shape[1], channel: Shape = [1, channels, 1, 1]
    let scale = try weight("scale", [channels], initial).reshaped(channel)
    let bias = try weight("bias", [channels], .constant(0)).reshaped(channel)
    return try x * scale + bias
  }
}
