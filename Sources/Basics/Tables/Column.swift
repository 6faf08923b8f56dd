/// A column of a run's tables, known by its name. Each is made once, and carried to who writes, reads, watches or explains it.
package struct Column: Hashable, Sendable {
  /// What its cells hold.
  package enum Kind: Sendable {
    /// Whole numbers.
    case count
    /// Floats, of 32 bits where they are measured.
    case number
    case text
  }

  package let name: String
  package let kind: Kind
  /// One sentence without a full stop.
  package let meaning: String

  /// The column called `name`.
  package init(_ name: String, _ kind: Kind = .number, _ meaning: String = "") {
    self.name = name
    self.kind = kind
    self.meaning = meaning
  }

  package static func == (left: Column, right: Column) -> Bool { left.name == right.name }
  package func hash(into hasher: inout Hasher) { hasher.combine(name) }

  /// The same column, of which another file says something else.
  package func meaning(_ meaning: String) -> Column { Column(name, kind, meaning) }

  /// The cell of a measured value.
  package func cell(_ value: Float) -> CSVCell { kind == .count ? .integer(Int(value)) : .float(value) }
}

extension CSV {
  /// The first line of a file.
  package static func header(_ columns: [Column]) -> String { header(columns.map(\.name)) }
}

/// Where a row stands; none of these measures anything.
extension Column {
  package static let iteration = Column("iteration", .count, "The iteration, from 1")
  package static let images = Column("images", .count, "Real images shown so far")
  package static let phase = Column("phase", .count, "The phase, from 1")
  package static let resolution = Column("resolution", .count, "The phase's side in pixels")
  package static let alpha = Column("alpha", .number, "How far the resolution has faded in, above 0 and up to 1")
  package static let seed = Column("seed", .count, "Where latents, patches and directions came from")

  /// The first columns of every table of measurements.
  package static let first = [iteration, images, phase, resolution]
  /// The names of all of these.
  package static let places = Set((first + [alpha, seed]).map(\.name))
}
