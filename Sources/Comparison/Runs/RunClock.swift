import Basics
import Runs

/// How long a run trained. `timing.csv` counts anew in each process, so a run that was resumed has several counts.
enum RunClock {
  private static let largestEvents = 16 << 20

  /// The seconds of all rows of `timing.csv`; nil when there are none.
  static func seconds(of run: RunDirectory, _ files: any FileSystem) throws -> Double? {
    guard let timing = try MetricTable(run.timing, files), timing.columns.contains("seconds") else { return nil }
    let events = try files.status(of: run.events) == nil ? [] : files.contents(of: run.events, limit: largestEvents)
    // Most runs are of one piece: then the last row says it all.
    guard hasSeveralPieces(events) else {
      return try timing.values(of: ["seconds"], .last, files)[0]
    }
    let counts = try timing.series(of: ["seconds"], files)[0]
    return zip(counts, counts.dropFirst() + [-.infinity]).reduce(0) { $1.1 < $1.0 ? $0 + $1.0 : $0 }
  }

  /// Whether the run was resumed, or began with the rows of another one.
  private static func hasSeveralPieces(_ events: [UInt8]) -> Bool {
    guard let table = try? CSVTable(events), let names = table[column: "event"], let details = table[column: "detail"] else {
      return true
    }
    return zip(names, details).contains { $0 == RunEvent.resume.rawValue || $1.hasPrefix("continues ") }
  }
}
