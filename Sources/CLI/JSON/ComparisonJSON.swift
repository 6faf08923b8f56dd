import Basics
import Comparison

/// What `compare --json` prints of a row: the columns of the CSV that have a value, and `runs`, the repeats that the row stands for.
struct ComparisonJSON: Encodable {
  private let values: [String: JSONValue]

  private init(_ values: [String: JSONValue]) { self.values = values }

  /// The rows of `table`, which is saved as `csv`.
  static func rows(_ table: ComparisonTable, _ csv: ComparisonCSV) -> [ComparisonJSON] {
    zip(table.rows, csv.cells).map { row, cells in
      var values: [String: JSONValue] = ["runs": .list(row.runs.map(\.name))]
      for (column, cell) in zip(csv.header, cells) {
        if case .text(let text) = cell, column.hasPrefix("params."), !text.isEmpty {
          values[column] = JSONValue(setting: text)
        } else if let value = JSONValue(cell) {
          values[column] = value
        }
      }
      return ComparisonJSON(values)
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(values)
  }
}
