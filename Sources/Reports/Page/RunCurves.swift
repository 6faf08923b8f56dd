import Basics
import Comparison

/// Columns of a run over the images shown.
struct RunCurves {
  private let curves: [String: Curve]
  /// Whether rows are damaged, so that columns are missing.
  let isDamaged: Bool

  /// Reads those of `columns` that `run` has, each of its files once.
  init(_ run: ComparedRun, _ columns: [String], _ files: any FileSystem) {
    var (curves, isDamaged) = ([String: Curve](), false)
    for table in run.tables where table.columns.contains("images") {
      let wanted = columns.filter(table.columns.contains)
      guard !wanted.isEmpty else { continue }
      guard let series = try? table.series(of: ["images"] + wanted, files) else {
        isDamaged = true
        continue
      }
      for (column, values) in zip(wanted, series.dropFirst()) {
        // A row without the column looks like one whose value is no number; both leave no mark.
        let measured = zip(series[0], values).filter { Self.counts.contains($0.0) && !$0.1.isNaN }
        if !measured.isEmpty { curves[column] = Curve(x: measured.map(\.0), y: measured.map(\.1)) }
      }
    }
    (self.curves, self.isDamaged) = (curves, isDamaged)
  }

  /// Numbers of images that a run may have shown; a row with any other is damaged.
  private static let counts = 0.0...1e15

  /// Nil when the run has not measured it.
  subscript(column: String) -> Curve? { curves[column] }
}
