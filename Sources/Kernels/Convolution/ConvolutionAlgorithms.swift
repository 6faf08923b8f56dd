import CKernels

enum ConvolutionAlgorithms {
  /// Their order is the decision: the first that fits computes a slot.
  static let all: [any ConvolutionAlgorithm.Type] = [
    DenseProduct.self,
    TransposedProduct.self,
    PointwiseProduct.self,
    UpsampledRows.self,
    UpsampledColumns.self,
    WinogradTiles.self,
    WinogradRows.self,
    WinogradColumns.self,
    BandedRows.self,
    GatheredColumns.self,
    UpsampledOuterProducts.self,
    UpsampledRowProducts.self,
    WinogradTileProducts.self,
    RowProducts.self,
    WinogradOuterProducts.self,
    OuterProducts.self,
    ColumnProducts.self,
  ]

  /// Those that compute `problem`, the one to take first; never empty.
  static func fitting(_ problem: ConvolutionProblem) -> some Sequence<any ConvolutionAlgorithm.Type> {
    all.lazy.filter { $0.slots.contains(problem.slot) && $0.fits(problem) }
  }
}

extension Kernel {
  /// The kernel that computes one slot of a convolution from the other two, in the order image, filter, output.
  ///
  /// Layouts: image `[N, C, H, W]`, filter `[K, C, R, S]`, output `[N, K, P, Q]`, each once for every group, one after the other. With
  /// `accumulating` a third input is added to the result; it may be the same memory as the result.
  package static func convolution(_ shape: ConvolutionShape, _ slot: ConvolutionSlot, accumulating: Bool = false) -> Kernel {
    let problem = ConvolutionProblem(shape, slot, accumulating: accumulating)
    return ConvolutionAlgorithms.fitting(problem).first { _ in true }!.kernel(of: problem)
  }

  /// The kernels of every algorithm that computes the slot; the first is the one that ``convolution(_:_:accumulating:)`` takes.
  package static func convolutions(_ shape: ConvolutionShape, _ slot: ConvolutionSlot) -> [(algorithm: String, kernel: Kernel)] {
    let problem = ConvolutionProblem(shape, slot)
    return ConvolutionAlgorithms.fitting(problem).map { ($0.name, $0.kernel(of: problem)) }
  }
}
