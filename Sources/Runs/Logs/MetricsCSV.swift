import Basics

/// One row of `metrics.csv`. Nothing in it may depend on the clock or the machine; nil is not measured.
package struct MetricsRow: Equatable, Sendable {
  package var iteration: Int
  /// Real images shown so far.
  package var images: Int
  package var phase: Int
  package var resolution: Int
  package var alpha: Float
  package var generatorRate: Float
  package var discriminatorRate: Float
  package var generatorLoss: Float?
  package var discriminatorLoss: Float?
  /// The weighted loss terms, in the order of the file's columns.
  package var terms: [Float?] = []
  package var realScore: Float?
  package var fakeScore: Float?
  package var gradientNorm: Float?

  /// A row about the state after `iteration`, with nothing measured yet.
  package init(
    iteration: Int, images: Int, phase: Int, resolution: Int, alpha: Float, generatorRate: Float, discriminatorRate: Float
  ) {
    (self.iteration, self.images, self.phase, self.resolution) = (iteration, images, phase, resolution)
    (self.alpha, self.generatorRate, self.discriminatorRate) = (alpha, generatorRate, discriminatorRate)
  }

  /// A cell per column.
  package var cells: [CSVCell] {
    let counts: [CSVCell] = [iteration, images, phase, resolution].map { .integer($0) }
    let rates: [CSVCell] = [alpha, generatorRate, discriminatorRate].map { .float($0) }
    let losses = ([generatorLoss, discriminatorLoss] + terms).map { CSVCell.optional($0) }
    return counts + rates + losses + [realScore, fakeScore, gradientNorm].map { CSVCell.optional($0) }
  }
}

extension MetricsRow {
  /// The row's numbers by column, in the order of the file; nil is not measured.
  package func values(terms: [String]) -> [(column: String, value: Double?)] {
    let counts = [iteration, images, phase, resolution].map { Double($0) as Double? }
    let floats = [alpha, generatorRate, discriminatorRate, generatorLoss, discriminatorLoss] + self.terms
    let values = counts + (floats + [realScore, fakeScore, gradientNorm]).map { $0.map(Double.init) }
    return Array(zip(MetricsCSV.columns(terms: terms), values)).map { (column: $0, value: $1) }
  }

  /// The cells of what was measured by column, as the file spells them.
  package func texts(terms: [String]) -> [String: String] {
    let measured = values(terms: terms).compactMap { column, value in value.map { (column, Self.spelled($0, column)) } }
    return Dictionary(uniqueKeysWithValues: measured)
  }

  /// A number of `values` as the file spells it.
  package static func spelled(_ value: Double, _ column: String) -> String {
    MetricsCSV.counts.contains(column) ? CSVCell.integer(Int(value)).field : CSVCell.float(Float(value)).field
  }
}

/// `metrics.csv`: the losses and what belongs to them, the same bytes for two runs of one spec.
package struct MetricsCSV {
  package let log: CSVLog
  /// The loss terms' columns, as in `loss.discriminator.gradient_penalty`.
  package let terms: [String]

  /// The first columns, which hold integers.
  static let counts = ["iteration", "images", "phase", "resolution"]

  /// The header for these loss terms.
  package static func columns(terms: [String]) -> [String] {
    counts + [
      "alpha", "rate.generator", "rate.discriminator", "loss.generator",
      "loss.discriminator",
    ] + terms + ["score.real", "score.fake", "gradient_norm"]
  }

  /// Continues the file at `path` after what `keep` says, or begins it.
  package init(
    _ path: String, terms: [String], keep: CSVLog.Keep, rowsPerFlush: Int = 1, in files: any FileSystem
  ) throws {
    self.terms = terms
    log = try CSVLog(
      continuing: path, columns: Self.columns(terms: terms), keep: keep, rowsPerFlush: rowsPerFlush, in: files)
  }

  /// Adds a row, which has a value per loss term.
  package func append(_ row: MetricsRow) throws {
    precondition(row.terms.count == terms.count, "\(row.terms.count) values for \(terms.count) loss terms")
    try log.append(row.cells)
  }
}
