import Basics
import Runs

/// How long a run trained. `timing.csv` counts anew in each process, so a run that was resumed has several counts.
enum RunClock {
  /// The seconds of all rows of `timing.csv`; nil when there are none.
  static func seconds(of run: RunDirectory, _ buffer: ReadBuffer, _ files: any FileSystem) throws -> Double? {
    guard let timing = try MetricTable(run.timing, buffer.headers, files), timing.columns.contains("seconds") else { return nil }
    // Most runs are of one piece: then the last row says it all.
    guard try hasSeveralPieces(run, files) else {
      return try timing.values(of: ["seconds"], .last, buffer, files)[0]
    }
    // A count that the next one falls below is the end of a piece.
    var (sum, last) = (0.0, -Double.infinity)
    try timing.forEachRow(["seconds"], files) { row in
      let count = row[0] ?? .nan
      if count < last { sum += last }
      last = count
    }
    return -Double.infinity < last ? sum + last : sum
  }

  /// Whether the run was resumed, or began with the rows of another one.
  private static func hasSeveralPieces(_ run: RunDirectory, _ files: any FileSystem) throws -> Bool {
    var hasSeveral = false
    do {
      try EventReader.forEach(run, files, among: [RunEvent.resume.rawValue, "continues "]) { event in
        hasSeveral = hasSeveral || event.name == RunEvent.resume.rawValue || event.detail.hasPrefix("continues ")
      }
    } catch is EventReader.Damaged {
      return true
    }
    return hasSeveral
  }
}
