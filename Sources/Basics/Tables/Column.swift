/// A column of a run's tables, known by its name. Each is made once, and carried to who writes, reads or watches it.
package struct Column: Hashable, Sendable {
  /// What its cells hold.
  package enum Kind: Sendable {
    /// Whole numbers.
    case count
    /// Floats, of 32 bits where they are measured.
    case number
  }

  package let name: String
  package let kind: Kind

  /// The column called `name`.
  package init(_ name: String, _ kind: Kind = .number) {
    self.name = name
    self.kind = kind
  }

  package static func == (left: Column, right: Column) -> Bool { left.name == right.name }
  package func hash(into hasher: inout Hasher) { hasher.combine(name) }

  /// The cell of a measured value.
  package func cell(_ value: Float) -> CSVCell { kind == .count ? .integer(Int(value)) : .float(value) }
}

/// Where a row stands; none of these measures anything.
extension Column {
  package static let iteration = Column("iteration", .count)
  /// Real images shown so far.
  package static let images = Column("images", .count)
  package static let phase = Column("phase", .count)
  /// The side of the images in pixels.
  package static let resolution = Column("resolution", .count)
  /// How far the resolution has faded in.
  package static let alpha = Column("alpha")
  /// Where the random numbers of an evaluation came from: 64 bits.
  package static let seed = Column("seed", .count)

  /// The first columns of every table of measurements.
  package static let first = [iteration, images, phase, resolution]
  /// The names of all of these.
  package static let places = Set((first + [alpha, seed]).map(\.name))
}
