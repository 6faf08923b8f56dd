import Basics

/// Where the rows of two runs begin to differ: the first row of `metrics.csv` that is not the same in both.
package struct MetricsParting: Equatable, Sendable {
  /// The first row that differs.
  package struct Row: Equatable, Sendable {
    /// The row's iteration in the first run.
    package let iteration: String
    /// The columns that differ in it, in the order of the first file; at least one.
    package let cells: [Cell]
  }

  /// A column that differs, with its cells in the first and in the second run.
  package struct Cell: Equatable, Sendable {
    package let column: String
    package let first: String
    package let second: String
  }

  /// Columns that only the first run has.
  package private(set) var onlyFirst: [String] = []
  /// Columns that only the second run has.
  package private(set) var onlySecond: [String] = []
  /// Rows from the beginning that agree in all columns that both have.
  package private(set) var agreeing = 0
  /// The iteration of the last of these.
  package private(set) var lastIteration: String?
  /// Nil when the runs agree as far as both go.
  package private(set) var row: Row?
  /// Whole rows of the first run.
  package private(set) var firstCount = 0
  /// Whole rows of the second run.
  package private(set) var secondCount = 0

  /// Compares the two files row by row, in memory of constant size. Rows of equal bytes under equal headers agree; others are compared
  /// cell by cell, as text and by the columns' names. Throws `Diagnostics` when a file has no header or a damaged row.
  package init(_ first: (path: String, files: any FileSystem), _ second: (path: String, files: any FileSystem)) throws {
    let one = try first.files.open(first.path, .read)
    defer { try? first.files.close(one) }
    let other = try second.files.open(second.path, .read)
    defer { try? second.files.close(other) }
    var (left, right) = (try RowReader(one, first.files), try RowReader(other, second.files))
    let (ours, others) = (Set(left.columns), Set(right.columns))
    onlyFirst = left.columns.filter { !others.contains($0) }
    onlySecond = right.columns.filter { !ours.contains($0) }
    try compare(&left, &right, left.columns.filter(others.contains))
    while try left.next() != nil {}
    while try right.next() != nil {}
    (firstCount, secondCount) = (left.count, right.count)
  }

  /// Compares the columns `shared`, which both have.
  private mutating func compare(_ left: inout RowReader, _ right: inout RowReader, _ shared: [String]) throws {
    let isSameHeader = left.columns == right.columns
    var last: ArraySlice<UInt8>?
    while let one = try left.next(), let other = try right.next() {
      if !isSameHeader || one != other {
        let (cells, others) = (try left.cells(one), try right.cells(other))
        let changes = shared.filter { cells[$0].map(ByteText.init) != others[$0].map(ByteText.init) }.map {
          Cell(column: $0, first: cells[$0] ?? "", second: others[$0] ?? "")
        }
        if !changes.isEmpty {
          row = Row(iteration: cells["iteration"] ?? "", cells: changes)
          break
        }
      }
      (agreeing, last) = (agreeing + 1, one)
    }
    lastIteration = try last.flatMap { try left.cells($0)["iteration"] }
  }
}
