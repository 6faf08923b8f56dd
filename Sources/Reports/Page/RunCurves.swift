import Basics
import Charts
import Comparison

/// Columns of a run over the images shown.
struct RunCurves {
  private var curves: [String: Curve] = [:]

  /// Reads the columns that have a range, of the tables that `survey` found whole, each file once.
  init(
    _ run: ComparedRun, _ survey: RunSurvey, ranges: [String: ClosedRange<Double>], stretches: Int, _ files: any FileSystem
  ) {
    guard let files = try? files.confined(to: run.directory.path) else { return }
    for table in survey.tables {
      let wanted = table.columns.filter { ranges[$0] != nil && survey.extents[$0] != nil }
      guard !wanted.isEmpty else { continue }
      var read = wanted.map { Curve(over: ranges[$0]!, stretches: stretches) }
      // What can no longer be read was cut or damaged since the first look; the rows before that stay.
      try? table.forEachRow([Column.images.name] + wanted, files) { row in
        guard let images = row[0], RunSurvey.counts.contains(images) else { return }
        for place in wanted.indices {
          if let value = row[1 + place], !value.isNaN { read[place].add(x: images, y: value) }
        }
      }
      for (column, curve) in zip(wanted, read) where !curve.isEmpty { curves[column] = curve }
    }
  }

  /// Nil when the run has not measured it.
  subscript(column: String) -> Curve? { curves[column] }
}
