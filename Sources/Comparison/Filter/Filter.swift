/// Which rows of a comparison are wanted: `params.optimizer.adam.rate < 1e-3 and metrics.swd_mean < 20`.
package struct Filter: Equatable, Sendable {
  /// One side of a comparison.
  enum Operand: Equatable, Sendable {
    case column(ColumnName)
    case value(Cell)
  }

  /// How two sides are compared.
  enum Comparison: String, CaseIterable, Sendable {
    case equal = "=="
    case different = "!="
    case below = "<"
    case atMost = "<="
    case above = ">"
    case atLeast = ">="
  }

  /// What is asked.
  indirect enum Expression: Equatable, Sendable {
    case comparison(Operand, Comparison, Operand)
    /// Whether the first is one of the others, or is none of them.
    case membership(Operand, [Cell], isWanted: Bool)
    case not(Expression)
    case and(Expression, Expression)
    case or(Expression, Expression)
  }

  let expression: Expression
  /// The columns that it asks about.
  package let columns: Set<ColumnName>

  /// Whether a row with these cells is wanted.
  package func holds(_ cell: (ColumnName) -> Cell) -> Bool { Self.holds(expression, cell) }

  private static func holds(_ expression: Expression, _ cell: (ColumnName) -> Cell) -> Bool {
    switch expression {
    case .comparison(let a, let comparison, let b): return comparison.holds(a.cell(cell), b.cell(cell))
    case .membership(let operand, let values, let isWanted):
      let value = operand.cell(cell)
      return value != .empty && values.contains { Comparison.equal.holds(value, $0) } == isWanted
    case .not(let inner): return !holds(inner, cell)
    case .and(let a, let b): return holds(a, cell) && holds(b, cell)
    case .or(let a, let b): return holds(a, cell) || holds(b, cell)
    }
  }
}

extension Filter.Operand {
  fileprivate func cell(_ cell: (ColumnName) -> Cell) -> Cell {
    switch self {
    case .column(let column): cell(column)
    case .value(let value): value
    }
  }
}

extension Filter.Comparison {
  /// Numbers compare as numbers and texts by their bytes; a number and a text are different, and nothing else; a comparison with
  /// an empty cell is false.
  func holds(_ a: Cell, _ b: Cell) -> Bool {
    switch (a, b) {
    case (.empty, _), (_, .empty): return false
    case (.number(let a), .number(let b)):
      return switch self {
      case .equal: a == b
      case .different: a != b
      case .below: a < b
      case .atMost: a <= b
      case .above: a > b
      case .atLeast: a >= b
      }
    case (.text(let a), .text(let b)):
      let (isEqual, isBelow) = (a == b, a.utf8.lexicographicallyPrecedes(b.utf8))
      return switch self {
      case .equal: isEqual
      case .different: !isEqual
      case .below: isBelow
      case .atMost: isBelow || isEqual
      case .above: !isBelow && !isEqual
      case .atLeast: !isBelow
      }
    default: return self == .different
    }
  }
}
