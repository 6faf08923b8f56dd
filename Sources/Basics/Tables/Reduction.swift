/// Which number stands for a column.
package enum Reduction: String, CaseIterable, Sendable {
  /// The last one that was measured.
  case last
  /// The smallest; `nan` is passed over.
  case min
  /// The largest; `nan` is passed over.
  case max
  /// The arithmetic mean; `nan` makes it `nan`.
  case mean

  /// Makes a number from a column's values in their order.
  struct Running {
    private(set) var count = 0
    private var number = Double.nan

    mutating func add(_ value: Double, _ reduction: Reduction) {
      count += 1
      switch reduction {
      case .last: number = value
      case .min: if value < number || number.isNaN { number = value }
      case .max: if value > number || number.isNaN { number = value }
      case .mean: number = count == 1 ? value : number + value
      }
    }

    /// The number; nil when there was no value.
    func value(_ reduction: Reduction) -> Double? {
      guard count > 0 else { return nil }
      return reduction == .mean ? number / Double(count) : number
    }
  }
}
