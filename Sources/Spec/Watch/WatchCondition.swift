import Basics

/// What a watch rule waits for: `gradient_norm > 50 for 200`.
package struct WatchCondition: Equatable, Sendable, CustomStringConvertible {
  /// How a value is compared.
  package enum Comparison: String, CaseIterable, Sendable {
    case above = ">"
    case atLeast = ">="
    case below = "<"
    case atMost = "<="
    case equal = "=="
    case different = "!="
  }

  /// What is asked of the column's value.
  package enum Test: Equatable, Sendable {
    case comparison(Comparison, Double)
    case isFinite
    case isNotFinite
  }

  /// A column of `metrics.csv`.
  package var column: String
  package var test: Test
  /// Iterations in a row.
  package var iterations = 1

  /// The condition as it is written in a spec.
  package var description: String {
    let test =
      switch test {
      case .comparison(let comparison, let number): "\(comparison.rawValue) \(number.spelled)"
      case .isFinite: "is finite"
      case .isNotFinite: "is not finite"
      }
    return "\(column) \(test)" + (iterations == 1 ? "" : " for \(iterations)")
  }

  /// Whether a single value of the column meets the test. `nan` is different from every number, and otherwise unlike all.
  package func holds(for value: Double) -> Bool {
    switch test {
    case .isFinite: return value.isFinite
    case .isNotFinite: return !value.isFinite
    case .comparison(let comparison, let number):
      let number = Self.rounded(number, like: column)
      return switch comparison {
      case .above: value > number
      case .atLeast: value >= number
      case .below: value < number
      case .atMost: value <= number
      case .equal: value == number
      case .different: value != number
      }
    }
  }

  /// `number` as the column would hold it: the `0.1` of a spec is the `0.1` of the file.
  private static func rounded(_ number: Double, like column: String) -> Double {
    let float = Float(number)
    return Column.first.contains { $0.name == column } || !float.isFinite ? number : Double(float)
  }
}
