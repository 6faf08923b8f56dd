import Foundation

/// The regularized incomplete beta function I(x; a, b).
struct IncompleteBeta {
  let a: Double
  let b: Double
  private let logBeta: Double

  /// The function with these parameters, both above 0.
  init(_ a: Double, _ b: Double) {
    precondition(a > 0 && b > 0, "the parameters must be above 0, not \(a) and \(b)")
    self.a = a
    self.b = b
    logBeta = lgamma(a) + lgamma(b) - lgamma(a + b)
  }

  /// I(x; a, b) for x from 0 to 1. `complement` is 1 - x, given by itself so that an x near 1 loses nothing.
  func callAsFunction(_ x: Double, complement: Double) -> Double {
    guard x > 0 else { return 0 }
    guard complement > 0 else { return 1 }
    // The fraction converges fast on this side of the mean; beyond it, I(x; a, b) = 1 - I(1 - x; b, a).
    if x > (a + 1) / (a + b + 2) { return 1 - IncompleteBeta(b, a)(complement, complement: x) }
    return exp(a * log(x) + b * log(complement) - logBeta) / a * fraction(x)
  }

  /// More steps than any fraction of ours takes: they grow with the root of the larger parameter.
  private static let mostSteps = 10_000
  /// Stands for 0 where the fraction would divide by it.
  private static let tiny = 1e-300

  /// The continued fraction of Abramowitz and Stegun 1964, 26.5.8, by the method of Lentz (1976) as modified by Thompson and
  /// Barnett (1986), until a step changes nothing but the last bit.
  private func fraction(_ x: Double) -> Double {
    func safe(_ value: Double) -> Double { abs(value) < Self.tiny ? Self.tiny : value }
    var numerator = 1.0
    var denominator = 1 / safe(1 - (a + b) * x / (a + 1))
    var value = denominator
    for step in 1...Self.mostSteps {
      let m = Double(step)
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      var change = 1.0
      for coefficient in [even, odd] {
        denominator = 1 / safe(1 + coefficient * denominator)
        numerator = safe(1 + coefficient / numerator)
        change = numerator * denominator
        value *= change
      }
      if abs(change - 1) <= .ulpOfOne { return value }
    }
    return value
  }
}
