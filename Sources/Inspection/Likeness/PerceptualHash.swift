import Foundation

/// A hash of 64 bits that changes little when an image does: the DCT hash of Zauner 2010, "Implementation and benchmarking of
/// perceptual image hash functions", section 3.2.1.
///
/// Brightness on 32 x 32 cells is transformed by the DCT-II; bit `8 (v - 1) + u - 1` says whether the coefficient of the
/// frequencies `u`, `v` in 1...8 exceeds the median of all 64. Brighter, darker or stronger in contrast makes no difference, since
/// the constant coefficient is left out and the others are only compared.
package struct PerceptualHash: Hashable, Sendable {
  package let bits: UInt64

  /// The hash with these bits.
  package init(bits: UInt64) { self.bits = bits }

  /// The hash of an image.
  package init(_ thumbnail: Thumbnail) {
    let half = Thumbnail.side / 2
    var cells = [Double](repeating: 0, count: half * half)
    for y in 0..<half {
      for x in 0..<half {
        let first = 2 * y * Thumbnail.side + 2 * x
        let sum = [first, first + 1, first + Thumbnail.side, first + Thumbnail.side + 1].reduce(0) { $0 + Int(thumbnail.luma[$1]) }
        cells[y * half + x] = Double(sum)
      }
    }
    // Rows first: [frequency u, row y], then the columns.
    var rows = [Double](repeating: 0, count: 8 * half)
    for y in 0..<half {
      for u in 0..<8 {
        var sum = 0.0
        for x in 0..<half { sum += cells[y * half + x] * Self.cosines[u * half + x] }
        rows[u * half + y] = sum
      }
    }
    var coefficients = [Double](repeating: 0, count: 64)
    for v in 0..<8 {
      for u in 0..<8 {
        var sum = 0.0
        for y in 0..<half { sum += rows[u * half + y] * Self.cosines[v * half + y] }
        // What is zero but for rounding errors must not become bits.
        coefficients[v * 8 + u] = (sum * 1024).rounded() / 1024
      }
    }
    let sorted = coefficients.sorted()
    let median = (sorted[31] + sorted[32]) / 2
    bits = coefficients.enumerated().reduce(0) { $1.element > median ? $0 | 1 << UInt64($1.offset) : $0 }
  }

  /// The number of bits that differ, 0 to 64.
  package func distance(to other: PerceptualHash) -> Int { (bits ^ other.bits).nonzeroBitCount }

  /// `[8, 32]`: row `u - 1` is the cosine of frequency `u`.
  private static let cosines: [Double] = (1...8).flatMap { u in
    (0..<Thumbnail.side / 2).map { x in cos(Double.pi * Double(u) * (Double(x) + 0.5) / Double(Thumbnail.side / 2)) }
  }
}

extension PerceptualHash: CustomStringConvertible {
  /// 16 hexadecimal digits.
  package var description: String {
    let digits = String(bits, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
