/// Student's t distribution with ν degrees of freedom.
package struct StudentT: Equatable, Sendable {
  /// ν, above 0.
  package let degreesOfFreedom: Double

  /// The distribution with this many degrees of freedom.
  package init(degreesOfFreedom: Double) {
    precondition(degreesOfFreedom > 0, "Student's t needs degrees of freedom above 0, not \(degreesOfFreedom)")
    self.degreesOfFreedom = degreesOfFreedom
  }

  /// P(|T| >= |t|) = I(ν / (ν + t²); ν/2, 1/2) (Abramowitz and Stegun 1964, 26.7.1 and 26.5.27).
  package func p(twoSided t: Double) -> Double {
    let square = t * t
    guard square.isFinite else { return 0 }
    let sum = degreesOfFreedom + square
    return IncompleteBeta(degreesOfFreedom / 2, 0.5)(degreesOfFreedom / sum, complement: square / sum)
  }

  /// The t above 0 for which P(|T| >= t) is `p`, to the last few bits. `p` is above 0 and below 1.
  package func quantile(twoSided p: Double) -> Double {
    precondition(p > 0 && p < 1, "a probability between 0 and 1 is needed, not \(p)")
    var (low, high) = (0.0, 1.0)
    while self.p(twoSided: high) > p { (low, high) = (high, 2 * high) }
    // Halving goes on until no number lies between: at most 64 steps.
    while true {
      let middle = low + (high - low) / 2
      guard middle > low, middle < high else { return high }
      if self.p(twoSided: middle) > p { low = middle } else { high = middle }
    }
  }
}
