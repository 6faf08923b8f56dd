import Kernels

extension Convolution: CustomStringConvertible {
  /// As in `8x16x64x64 * 32x16x3x3 -> output`.
  package var description: String {
    let e = extents
    let up = e.upsampling > 1 ? " upsampled" : "", groups = e.groups > 1 ? " in \(e.groups) groups" : ""
    let slot = ["image", "filter", "output"][result.rawValue]
    return "image \(shapes[0])\(up), filter \(shapes[1])\(groups) -> \(slot)\(accumulates ? " +" : "")"
  }
}

/// One slot of the form T(image, filter, output) of ``ConvolutionShape``: image `[N, C, H, W]`, filter `[K, C, R, S]`, output
/// `[N, K, P, Q]`; of groups image `[G N, C, H, W]`, filter `[G K, C, R, S]`, output `[G N, K, P, Q]`. `.c` is the convolution, `.a` its input gradient, `.b` its filter gradient.
package struct Convolution: TrilinearOp {
  package var extents: ConvolutionShape
  package var result: Slot
  /// Whether a third operand is added to the result.
  package var accumulates = false

  package init(_ extents: ConvolutionShape, result: Slot = .c, accumulates: Bool = false) {
    self.extents = extents
    self.result = result
    self.accumulates = accumulates
  }

  fileprivate var shapes: [Shape] {
    [
      [extents.groups * extents.batch, extents.inputs, extents.height, extents.width],
      [extents.groups * extents.outputs, extents.inputs, extents.filterHeight, extents.filterWidth],
      [extents.groups * extents.batch, extents.outputs, extents.outputHeight, extents.outputWidth],
    ]
  }

  package func shape(_ x: [Shape]) throws(ShapeError) -> Shape {
    var expected = shapes
    let y = expected.remove(at: result.rawValue)
    if accumulates { expected.append(y) }
    guard x == expected else { throw reject(x, "expected \(expected)") }
    return y
  }

  package func vjp(_ g: Tensor, _ x: [Tensor], _ y: Tensor) throws(ShapeError) -> [Tensor?] {
    precondition(!accumulates, "accumulation comes after differentiation")
    return try partials(g, x)
  }

  package func lowering(_ x: [Shape], _ y: Shape) -> Lowering {
    .kernel(.convolution(extents, ConvolutionSlot(rawValue: result.rawValue)!, accumulating: accumulates))
  }

  package func reference(_ x: [Values], _ y: Shape) -> [Double] {
    let slot = ConvolutionSlot(rawValue: result.rawValue)!
    var sum = ConvolutionReference.run(extents, slot, x[0].data, x[1].data)
    if accumulates { for i in sum.indices { sum[i] += x[2].data[i] } }
    return sum
  }
}
