import Basics
import Runs

/// Which numbers are taken from the tables of runs.
package struct MetricReading: Sendable {
  /// The metrics, by name.
  package let metrics: [String]
  package let reduction: Reduction
  /// Only rows with at most this many images shown count, and only runs that got that far; nil for all.
  package let images: Int?

  /// The numbers of these metrics.
  package init(_ metrics: [String], _ reduction: Reduction = .last, images: Int? = nil) {
    self.metrics = metrics
    self.reduction = reduction
    self.images = images
  }

  /// For each of `runs` a number for each metric, nil where nothing was measured; or why a table cannot be read.
  package func values(
    of runs: [ComparedRun], threads: Int, _ files: any FileSystem
  ) -> [Result<[Double?], any Error>] {
    Parallel.map(runs.count, threads: threads, state: ReadBuffer.init) { number, buffer in
      Result { try values(of: runs[number], buffer, files) }
    }
  }

  private func values(of run: ComparedRun, _ buffer: ReadBuffer, _ files: any FileSystem) throws -> [Double?] {
    var values = [Double?](repeating: nil, count: metrics.count)
    let files = try files.confined(to: run.directory.path)
    if let images, try !hasShown(images, run, buffer, files) { return values }
    for table in run.tables {
      let places = metrics.indices.filter { values[$0] == nil && table.header.places[metrics[$0]] != nil }
      guard !places.isEmpty else { continue }
      let found = try table.values(of: places.map { metrics[$0] }, reduction, images: images, buffer: buffer.tables, files)
      for (place, value) in zip(places, found) { values[place] = value }
    }
    return values
  }

  private func hasShown(_ images: Int, _ run: ComparedRun, _ buffer: ReadBuffer, _ files: any FileSystem) throws -> Bool {
    guard let table = run.tables.first(where: { $0.path == run.directory.metrics }) else { return false }
    return try table.values(of: [Column.images.name], .last, buffer: buffer.tables, files)[0].map { $0 >= Double(images) } ?? false
  }
}
