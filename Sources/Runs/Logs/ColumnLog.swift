import Basics

/// A CSV file that grows by rows of cells, each in its column.
package struct ColumnLog {
  package let log: CSVLog
  private let columns: [Column]

  /// Continues the file at `path` after what `keep` says, or begins it.
  package init(
    _ path: String, _ columns: [Column], keep: CSVLog.Keep, rowsPerFlush: Int = 1, in files: any FileSystem
  ) throws {
    self.columns = columns
    log = try CSVLog(continuing: path, columns: columns.map(\.name), keep: keep, rowsPerFlush: rowsPerFlush, in: files)
  }

  /// Adds a row.
  package func append(_ cells: [Column: CSVCell]) throws { try log.append(columns.map { cells[$0] ?? .empty }) }
}

extension Column {
  /// Of `timing.csv`, since this process began to train; of `phases.csv`, what a phase took, if it was measured from its beginning to
  /// its end.
  package static let seconds = Column("seconds")
  package static let milliseconds = Column("iteration_ms")
  package static let imagesPerSecond = Column("images_per_second")
  package static let residentMegabytes = Column("resident_mb")
  /// `timing.csv`: everything that depends on the clock and the machine.
  package static let timing = [iteration, seconds, milliseconds, imagesPerSecond, residentMegabytes]

  /// Iterations of a phase's fade, and of the hold after it.
  package static let fade = Column("fade", .count)
  package static let hold = Column("hold", .count)
  package static let firstIteration = Column("first_iteration", .count)
  package static let lastIteration = Column("last_iteration", .count)
  /// `phases.csv`: a row when a phase has ended.
  package static let phases = [phase, resolution, fade, hold, firstIteration, lastIteration, images, seconds]
}
