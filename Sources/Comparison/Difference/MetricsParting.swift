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
    do {
      let one = try first.files.open(first.path, .read)
      defer { try? first.files.close(one) }
      let other = try second.files.open(second.path, .read)
      defer { try? second.files.close(other) }
      var left = try TextRows(one, .any, TableBuffer(capacity: Self.piece), first.files)
      var right = try TextRows(other, .any, TableBuffer(capacity: Self.piece), second.files)
      try compare(&left, &right)
    } catch let damaged as UnusableFile {
      throw Diagnostics(damaged.reason, file: damaged.path, exitCode: .badData)
    }
  }

  /// Bytes that are read at a time, more than a line has.
  private static let piece = 2 << 20

  private mutating func compare(_ left: inout TextRows, _ right: inout TextRows) throws {
    let (ours, others) = (left.header, right.header)
    onlyFirst = ours.columns.filter { others.places[$0] == nil }
    onlySecond = others.columns.filter { ours.places[$0] == nil }
    let isSameHeader = ours == others
    var last: [UInt8] = []
    while let one = try left.next() {
      firstCount += 1
      guard let other = try right.next() else { break }
      secondCount += 1
      if !isSameHeader || !one.elementsEqual(other) {
        let (mine, theirs) = (try left.row(one), try right.row(other))
        let changes = Self.changes(mine, theirs)
        if !changes.isEmpty {
          row = Row(iteration: mine[Column.iteration.name] ?? "", cells: changes)
          break
        }
      }
      agreeing += 1
      last.removeAll(keepingCapacity: true)
      last.append(contentsOf: one)
    }
    lastIteration = agreeing > 0 ? try left.row(last)[Column.iteration.name] : nil
    while try left.next() != nil { firstCount += 1 }
    while try right.next() != nil { secondCount += 1 }
  }

  /// The columns of both rows whose fields differ.
  private static func changes(_ left: TableRow, _ right: TableRow) -> [Cell] {
    zip(left.header.columns, left.fields).compactMap { column, first in
      guard let place = right.header.places[column], ByteText(first) != ByteText(right.fields[place]) else { return nil }
      return Cell(column: column, first: first, second: right.fields[place])
    }
  }
}
