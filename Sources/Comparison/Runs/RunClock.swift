import Basics
import Runs

/// How long a run trained. `timing.csv` counts anew in each process, so a run that was resumed has several counts.
enum RunClock {
  private static let seconds = Column.seconds.name

  /// The seconds of all rows of `timing.csv`; nil when there are none.
  static func seconds(of run: RunDirectory, _ buffer: TableBuffer, _ files: any FileSystem) throws -> Double? {
    guard let timing = try TableFile(run.timing, headers: buffer.headers, files), timing.columns.contains(seconds) else {
      return nil
    }
    // Most runs are of one piece: then the last row says it all.
    guard try hasSeveralPieces(run, buffer, files) else { return try timing.values(of: [seconds], .last, buffer: buffer, files)[0] }
    // A count that the next one falls below is the end of a piece.
    var (sum, last) = (0.0, -Double.infinity)
    try timing.forEachRow([seconds], buffer: buffer, files) { row in
      let count = row[0] ?? .nan
      if count < last { sum += last }
      last = count
    }
    return -Double.infinity < last ? sum + last : sum
  }

  /// Whether the run was resumed, or began with the rows of another one.
  private static func hasSeveralPieces(_ run: RunDirectory, _ buffer: TableBuffer, _ files: any FileSystem) throws -> Bool {
    var hasSeveral = false
    do {
      try EventReader.forEach(run, among: [RunEvent.resume.rawValue, "continues "], buffer, files) { event in
        hasSeveral = hasSeveral || event.name == RunEvent.resume.rawValue || event.detail.hasPrefix("continues ")
      }
    } catch is UnusableFile {
      return true
    }
    return hasSeveral
  }
}
