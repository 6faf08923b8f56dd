import Testing

@testable import Kernels

@Suite struct BlasBaselineTests {
  /// Shapes whose whole batch is one matrix, and one for each kind of larger image.
  static let shapes =
    Array(
      (ConvolutionCases.odd + ConvolutionCases.regular + ConvolutionCases.special).enumerated().filter { $0.offset % 5 == 0 }
        .map(\.element))
    + [
      ConvolutionShape(
        batch: 2, inputs: 70, outputs: 5, height: 20, width: 18, filterHeight: 3, filterWidth: 3, padding: 1, border: .reflect),
      ConvolutionShape(
        batch: 3, inputs: 30, outputs: 7, height: 11, width: 32, filterHeight: 3, filterWidth: 3, padding: 1, border: .zeros,
        upsampling: 2),
      ConvolutionShape(batch: 2, inputs: 3, outputs: 8, height: 32, width: 160, filterHeight: 1, filterWidth: 1),
      ConvolutionShape(batch: 2, inputs: 40, outputs: 3, height: 64, width: 64, filterHeight: 1, filterWidth: 1),
    ]

  /// Rounding errors of 6e-8 in sums of at most some thousand terms.
  static let tolerance = 2e-5

  @Test(.enabled(if: OpenBLAS.loaded != nil, "OpenBLAS is not installed"), arguments: shapes)
  func `the baseline computes what the kernels do`(shape: ConvolutionShape) throws {
    let blas = try #require(OpenBLAS.loaded)
    let lanes = Lanes(count: 2)
    for slot in ConvolutionSlot.allCases {
      let difference = ConvolutionReference.difference(
        of: BlasBaseline.convolution(shape, slot, by: blas), shape, slot, lanes: lanes)
      #expect(difference < Self.tolerance, "\(slot)")
    }
  }

  @Test func `a difference is seen`() {
    let shape = ConvolutionShape(batch: 1, inputs: 3, outputs: 4, height: 5, width: 5, filterHeight: 3, filterWidth: 3, padding: 1)
    var other = shape
    other.border = .reflect
    let difference = ConvolutionReference.difference(
      of: .convolution(other, .output), shape, .output, lanes: Lanes(count: 1))
    #expect(difference > 0.01)
  }
}
