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
  package static let seconds = Column("seconds", .number, "Seconds since this process began to train")
  package static let milliseconds = Column("iteration_ms", .number, "Milliseconds of this iteration")
  package static let imagesPerSecond = Column("images_per_second", .number, "Images shown a second, in this iteration")
  package static let residentMegabytes = Column("resident_mb", .number, "Memory in units of 10^6 bytes")
  /// `timing.csv`: everything that depends on the clock and the machine.
  package static let timing = [iteration, seconds, milliseconds, imagesPerSecond, residentMegabytes]

  package static let fade = Column("fade", .count, "Iterations in which it fades in")
  package static let hold = Column("hold", .count, "Iterations after that")
  package static let firstIteration = Column("first_iteration", .count, "Its first iteration")
  package static let lastIteration = Column("last_iteration", .count, "Its last iteration")
  /// `phases.csv`: a row when a phase has ended.
  package static let phases = [
    phase, resolution, fade, hold, firstIteration, lastIteration, images.meaning("Images shown in this phase"),
    seconds.meaning("Seconds that it took; empty when a run was resumed in it"),
  ]
}
