import Foundation

/// The round numbers that an axis is labeled with.
package enum Ticks {
  /// Multiples of 1, 2 or 5 times a power of ten inside of `range`: the finest such step that gives no more than `count` steps. At
  /// least one number whenever `range` holds a multiple of the step.
  package static func linear(_ range: ClosedRange<Double>, atMost count: Int) -> (values: [Double], step: Double) {
    let width = range.upperBound - range.lowerBound
    precondition(width > 0 && width.isFinite && count > 0, "no ticks for \(range)")
    let exponent = Int(floor(log10(width / Double(count))))
    let candidates: [(Double, Int)] = [(1, exponent), (2, exponent), (5, exponent), (1, exponent + 1), (2, exponent + 1)]
    let (mantissa, power) = candidates.first { width / scaled($0.0, $0.1) <= Double(count) } ?? (5, exponent + 1)
    let step = scaled(mantissa, power)
    // Beyond this, neighboring multiples are the same double.
    guard max(abs(range.lowerBound), abs(range.upperBound)) / step < 1e12 else { return ([], step) }
    let (first, last) = (ceil(range.lowerBound / step), floor(range.upperBound / step))
    let values = first <= last ? stride(from: first, through: last, by: 1).map { scaled($0 * mantissa, power) } : []
    return (values.filter(range.contains), step)
  }

  /// Powers of ten inside of `range`, every second or third one when there are many; with fewer than three of them also 2 and 5 times
  /// these.
  package static func logarithmic(_ range: ClosedRange<Double>, atMost count: Int) -> [Double] {
    precondition(range.lowerBound > 0 && range.upperBound.isFinite, "no logarithms of \(range)")
    let exponents = Int(floor(log10(range.lowerBound)))...Int(ceil(log10(range.upperBound)))
    let powers = exponents.map(power).filter(range.contains)
    if powers.count < 3 {
      let all = exponents.flatMap { exponent in [1.0, 2, 5].map { scaled($0, exponent) } }.filter(range.contains)
      return all.count <= count ? all : powers
    }
    let stride = (powers.count + count - 1) / count
    return powers.enumerated().filter { $0.offset % stride == 0 }.map(\.element)
  }

  private static func power(_ exponent: Int) -> Double { scaled(1, exponent) }

  /// `number` times a power of ten, rounded once: so 3 tenths are 0.3, which 3 times 0.1 is not.
  private static func scaled(_ number: Double, _ exponent: Int) -> Double {
    exponent < 0 ? number / pow(10, Double(-exponent)) : number * pow(10, Double(exponent))
  }
}
