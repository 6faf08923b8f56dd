import Basics

/// The one place that knows in which file of a run a metric is.
extension RunDirectory {
  /// The tables of what was measured, in the order in which a metric is looked for.
  package var measurements: [String] { [metrics, evaluations] }

  /// The last number in `column` up to and with `iteration`, among the rows of `resolution` if that is given. Nil when there is none.
  /// Tables of any length are read, a piece at a time. Throws ``UnusableFile`` when one cannot be.
  package func lastValue(
    of column: String, through iteration: Int, resolution: Int? = nil, _ files: any FileSystem
  ) throws -> Double? {
    for path in measurements {
      var last: Double?
      guard let table = try TableFile(path, files), table.columns.contains(column) else { continue }
      try table.forEachRow([column, Column.iteration.name, Column.resolution.name], files) { row in
        guard let value = row[0], let at = row[1], at <= Double(iteration) else { return }
        if resolution == nil || row[2] == resolution.map(Double.init) { last = value }
      }
      if let last { return last }
    }
    return nil
  }
}
