import Basics

/// One row of `evaluations.csv`. Like those of `metrics.csv` it depends on spec, data and seed alone.
package struct EvaluationRow: Equatable, Sendable {
  package let iteration: Int
  /// Real images shown so far.
  package let images: Int
  package let phase: Int
  /// Side of the images that were compared.
  package let resolution: Int
  /// Where the random numbers of the evaluation came from.
  package let seed: UInt64
  /// Images that were drawn, and real ones that they could be compared with.
  package let drawn: Int
  package let real: Int
  /// What was measured, by column.
  package let values: [String: Float]

  package init(
    iteration: Int, images: Int, phase: Int, resolution: Int, seed: UInt64, drawn: Int, real: Int, values: [String: Float]
  ) {
    (self.iteration, self.images, self.phase, self.resolution) = (iteration, images, phase, resolution)
    (self.seed, self.drawn, self.real, self.values) = (seed, drawn, real, values)
  }

  /// A cell per column: those of ``EvaluationsCSV/places``, then the measured ones.
  package func cells(_ names: [String]) -> [CSVCell] {
    let counts = [iteration, images, phase, resolution].map { CSVCell.integer($0) }
    let places = counts + [.text(String(seed)), .integer(drawn), .integer(real)]
    return places + names.map { name in values[name].map { Self.cell($0, name) } ?? .empty }
  }

  /// A measured column's number; nil inside when this row has none.
  package func value(_ column: String) -> Double?? { .some(values[column].map(Double.init)) }

  /// What was measured as the file spells it, by column.
  package var texts: [String: String] {
    Dictionary(uniqueKeysWithValues: values.map { ($0.key, Self.cell($0.value, $0.key).field) })
  }

  private static func cell(_ value: Float, _ column: String) -> CSVCell {
    column.hasPrefix("count.") ? .integer(Int(value)) : .float(value)
  }
}

/// `evaluations.csv`: how good and how varied drawn images are, the same bytes for two runs of one spec.
package struct EvaluationsCSV {
  /// The first columns, which say what was evaluated.
  package static let places = ["iteration", "images", "phase", "resolution", "seed", "count.drawn", "count.real"]

  package let log: CSVLog
  /// The measured columns.
  private let names: [String]

  /// Continues the file at `path` after what `keep` says, or begins it.
  package init(_ path: String, names: [String], keep: CSVLog.Keep, in files: any FileSystem) throws {
    self.names = names
    log = try CSVLog(continuing: path, columns: Self.places + names, keep: keep, in: files)
  }

  package func append(_ row: EvaluationRow) throws { try log.append(row.cells(names)) }
}
