import Basics
import Comparison

/// What a first look at a run's rows shows: over which images its columns were measured, and its phases. Nothing is kept of single rows.
struct RunSurvey {
  /// Numbers of images that a run may have shown; a row with any other is damaged.
  static let counts = 0.0...1e15

  /// The images at which each column was measured, from the first to the last.
  private(set) var extents: [String: ClosedRange<Double>] = [:]
  private(set) var phases: [RunPhase] = []
  /// Tables whose rows can be read.
  private(set) var tables: [TableFile] = []
  /// Whether rows are damaged, so that columns are missing.
  private(set) var isDamaged = false

  /// Looks at those of `columns` that `run` has, each of its files once.
  init(_ run: ComparedRun, _ columns: [String], _ files: any FileSystem) {
    guard let files = try? files.confined(to: run.directory.path) else {
      isDamaged = true
      return
    }
    var hasPhases = false
    for table in run.tables where table.columns.contains(Column.images.name) {
      let wanted = columns.filter(table.columns.contains)
      let tellsPhases = !hasPhases && Set(PhaseTracker.columns).isSubset(of: table.columns)
      guard !wanted.isEmpty || tellsPhases else { continue }
      do {
        try look(at: table, wanted, tellsPhases: tellsPhases, files)
        hasPhases = hasPhases || tellsPhases
        tables.append(table)
      } catch {
        isDamaged = true
      }
    }
  }

  private mutating func look(
    at table: TableFile, _ wanted: [String], tellsPhases: Bool, _ files: any FileSystem
  ) throws {
    var extents = [ClosedRange<Double>?](repeating: nil, count: wanted.count)
    var tracker = PhaseTracker()
    try table.forEachRow([Column.images.name] + (tellsPhases ? PhaseTracker.columns : []) + wanted, files) { row in
      if tellsPhases { tracker.add(row[1], images: row[2], phase: row[3], resolution: row[4]) }
      guard let images = row[0], Self.counts.contains(images) else { return }
      for place in wanted.indices {
        // A row without the column looks like one whose value is no number; both leave no mark.
        guard let value = row[(tellsPhases ? 5 : 1) + place], !value.isNaN else { continue }
        extents[place] = extents[place].map { min($0.lowerBound, images)...max($0.upperBound, images) } ?? images...images
      }
    }
    for (column, extent) in zip(wanted, extents) where extent != nil { self.extents[column] = extent }
    if tellsPhases { phases = tracker.phases }
  }
}
