import Basics
import Spec

/// `rungs.csv`: what trials had at the ends of phases, and what was decided, in the order in which they came.
package struct RungTable: Equatable, Sendable {
  /// A trial at the end of a phase.
  package struct Row: Equatable, Sendable {
    package let trial: Int
    package let phase: Int
    package let resolution: Int
    package let iteration: Int
    /// As measured, whatever the goal is.
    package let value: Double
    package let goesOn: Bool
  }

  static let columns = ["trial", "phase", "resolution", "iteration", "value", "decision"]
  private static let largest = 32 << 20
  /// Larger than any of the numbers, and small enough to compute with.
  private static let highest = 1 << 48

  package private(set) var rows: [Row] = []

  /// A table without rows.
  package init() {}

  /// Reads the file at `path`, which need not be there.
  package init(_ path: String, _ files: any FileSystem) throws {
    guard let bytes = try Self.content(of: path, files) else { return }
    guard let table = try? CSVTable(bytes), table.columns == Self.columns else {
      throw UnusableFile(path, "it is not a table of rungs")
    }
    for (index, row) in table.rows.enumerated() {
      let numbers = row[..<4].compactMap { Int($0) }
      guard numbers.count == 4, (1...SweepSpec.mostTrials).contains(numbers[0]), numbers.allSatisfy((1...Self.highest).contains),
        let value = Double(row[4]), ["continue", "stop"].contains(row[5])
      else {
        throw UnusableFile(path, "line \(index + 2) is not a report")
      }
      rows.append(
        Row(
          trial: numbers[0], phase: numbers[1], resolution: numbers[2], iteration: numbers[3], value: value,
          goesOn: row[5] == "continue"))
    }
  }

  private static func content(of path: String, _ files: any FileSystem) throws(FileError) -> [UInt8]? {
    do throws(FileError) {
      return try files.contents(of: path, limit: largest)
    } catch {
      if error.isNotFound { return nil }
      throw error
    }
  }

  /// What was decided about `trial` at `resolution`; nil when it has not come there.
  package func decision(trial: Int, resolution: Int) -> Row? { rows.first { $0.trial == trial && $0.resolution == resolution } }

  /// This table and then those rows of `later` that it has not.
  func merging(_ later: RungTable) -> RungTable {
    struct Place: Hashable { let trial, resolution: Int }
    let known = Set(rows.map { Place(trial: $0.trial, resolution: $0.resolution) })
    var merged = self
    merged.rows += later.rows.filter { !known.contains(Place(trial: $0.trial, resolution: $0.resolution)) }
    return merged
  }

  /// Adds a row.
  mutating func append(_ row: Row) { rows.append(row) }

  /// Forgets what was decided about `trial`.
  mutating func remove(trial: Int) { rows.removeAll { $0.trial == trial } }

  /// Puts the table at `path`, whole and durable.
  func write(to path: String, _ files: any FileSystem) throws(FileError) {
    let lines = rows.map { row in
      let counts: [CSVCell] = [row.trial, row.phase, row.resolution, row.iteration].map { .integer($0) }
      return CSV.line(counts + [.double(row.value), .text(row.goesOn ? "continue" : "stop")])
    }
    try AtomicFile.write(CSV.header(Self.columns) + lines.joined(), to: path, in: files)
  }
}
