import CKernels
import Glibc

/// The structural similarity of two planes at one scale (Wang, Bovik, Sheikh & Simoncelli 2004).
package struct StructuralSimilarity: Sendable {
  /// Side of the planes in pixels.
  package let side: Int
  /// Taken off each pixel beforehand, which keeps squares small.
  package let shift: Float

  private let window: [Float]
  private let constants: (luminance: Float, contrast: Float)

  /// Side of the window on large planes, and its deviation there.
  private static let largestWindow = 11
  private static let deviation = 1.5
  /// The span of a pixel, and what keeps the divisions away from zero: (k span)^2.
  private static let span = 255.0
  private static let k = (luminance: 0.01, contrast: 0.03)

  /// For planes of `side` pixels whose values, 0...255, have had `shift` taken off.
  package init(side: Int, shift: Float) {
    precondition(side > 0, "planes of side \(side)")
    self.side = side
    self.shift = shift
    let size = min(Self.largestWindow, side)
    let deviation = Self.deviation * Double(size) / Double(Self.largestWindow)
    let weights = (0..<size).map { index in
      let place = (Double(index) - Double(size - 1) / 2) / deviation
      return exp(-0.5 * place * place)
    }
    let sum = weights.reduce(0, +)
    window = weights.map { Float($0 / sum) }
    func constant(_ k: Double) -> Float { Float((k * Self.span) * (k * Self.span)) }
    constants = (constant(Self.k.luminance), constant(Self.k.contrast))
  }

  /// Places where the window fits.
  package var places: Int { (side - window.count + 1) * (side - window.count + 1) }
  /// Floats of scratch.
  package var scratchCount: Int { 7 * side }

  /// The sums over all places of `(2 m1 m2 + c1) / (m1^2 + m2^2 + c1)` times the second, and of `(2 s12 + c2) / (s11 + s22 + c2)`.
  package func sums(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) -> (similarity: Double, contrast: Double) {
    var sums = (0.0, 0.0)
    withUnsafeMutableBytes(of: &sums) {
      fk_similarity(
        a, b, side, window, window.count, shift, constants.luminance, constants.contrast, scratch,
        $0.baseAddress!.assumingMemoryBound(to: Double.self))
    }
    return (sums.0, sums.1)
  }
}
