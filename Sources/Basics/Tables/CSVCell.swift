/// One cell of a CSV file that we write.
package enum CSVCell: Equatable, Sendable {
  /// Not measured at this row.
  case empty
  case integer(Int)
  case float(Float)
  case double(Double)
  case text(String)

  /// A cell that is empty when the number is not there.
  package static func optional(_ value: Float?) -> CSVCell { value.map { .float($0) } ?? .empty }

  /// A cell that is empty when the number is not there.
  package static func optional(_ value: Double?) -> CSVCell { value.map { .double($0) } ?? .empty }

  /// The number in the cell; nil when there is none.
  package var number: Double? {
    switch self {
    case .empty, .text: nil
    case .integer(let value): Double(value)
    case .float(let value): Double(value)
    case .double(let value): value
    }
  }

  /// The cell as it stands in the file, quoted where RFC 4180 asks for it.
  package var field: String {
    switch self {
    case .empty: ""
    case .integer(let value): String(value)
    case .float(let value): CSV.number(value)
    case .double(let value): CSV.number(value)
    case .text(let value): CSV.quoted(CSV.guarded(value))
    }
  }
}
