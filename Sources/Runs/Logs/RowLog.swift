import Basics

/// A row of a CSV file with fixed columns.
package protocol CSVRow: Sendable {
  static var columns: [String] { get }
  /// A cell per column.
  var cells: [CSVCell] { get }
}

/// A CSV file of one kind of row.
package struct RowLog<Row: CSVRow> {
  package let log: CSVLog

  /// Continues the file at `path` after what `keep` says, or begins it.
  package init(_ path: String, keep: CSVLog.Keep, rowsPerFlush: Int = 1, in files: any FileSystem) throws {
    log = try CSVLog(continuing: path, columns: Row.columns, keep: keep, rowsPerFlush: rowsPerFlush, in: files)
  }

  package func append(_ row: Row) throws { try log.append(row.cells) }
}
