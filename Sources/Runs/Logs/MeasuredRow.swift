import Basics

/// A row of `metrics.csv` or `evaluations.csv`. Nothing in it may depend on the clock or the machine.
package struct MeasuredRow: Equatable, Sendable {
  package let iteration: Int
  /// What was measured, and where.
  package var cells: [Column: CSVCell]

  /// A row about the state after `iteration`, when `images` real images were shown, with nothing measured yet.
  package init(iteration: Int, images: Int, phase: Int, resolution: Int) {
    self.iteration = iteration
    cells = [
      .iteration: .integer(iteration), .images: .integer(images), .phase: .integer(phase), .resolution: .integer(resolution),
    ]
  }

  /// The number in a column; nil where it was not measured.
  package subscript(column: Column) -> Float? {
    get { cells[column]?.number.map { Float($0) } }
    set { cells[column] = newValue.map(column.cell) }
  }

  /// The line of a file with these columns.
  package func line(_ columns: [Column]) -> String { CSV.line(columns.map { cells[$0] ?? .empty }) }

  /// What was measured of `columns` as the file spells it, by column.
  package func texts(_ columns: [Column]) -> [String: String] {
    Dictionary(uniqueKeysWithValues: columns.compactMap { column in cells[column].map { (column.name, $0.field) } })
  }
}
