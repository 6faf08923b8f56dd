/// Holm's correction of several tests (1979): who asks ten questions finds one in twenty by chance in almost every second case.
///
///     Holm.corrected([0.01, 0.04, 0.03])      // [0.03, 0.06, 0.06]
package enum Holm {
  /// Each p as it is after the correction, at most 1: the smallest times their number, the next one times one less and so on, but none below
  /// a smaller one's. Rejecting those below a level rejects a true hypothesis at most that often, whatever the tests have in common.
  package static func corrected(_ p: [Double]) -> [Double] {
    var (corrected, highest) = (p, 0.0)
    for (rank, index) in p.indices.sorted(by: { (p[$0], $0) < (p[$1], $1) }).enumerated() {
      highest = max(highest, min(1, Double(p.count - rank) * p[index]))
      corrected[index] = highest
    }
    return corrected
  }
}
