import Basics
import Comparison

/// A phase of a run, as far as its rows show.
struct RunPhase: Equatable {
  let resolution: Int
  /// The last iteration that was recorded in it.
  let lastIteration: Int
  /// Images that had been shown at its beginning and at its last row.
  let images: ClosedRange<Double>
}

/// Makes phases of rows, one after the other.
struct PhaseTracker {
  /// What a row must tell.
  static let columns = Column.first.map(\.name)
  /// More phases than a schedule has; rows that tell of more are damaged.
  private static let most = 32

  /// Those that have rows, in order.
  private(set) var phases: [RunPhase] = []
  private var number = Double.nan
  private var (start, end) = (0.0, 0.0)

  /// Takes a row. One without a position is skipped.
  mutating func add(_ iteration: Double?, images: Double?, phase: Double?, resolution: Double?) {
    guard let iteration = iteration.flatMap({ Int(exactly: $0) }), let resolution = resolution.flatMap({ Int(exactly: $0) }),
      let images, images < 1e15, images >= end, let phase
    else { return }
    if phase == number {
      phases.removeLast()
    } else {
      guard phases.count < Self.most else { return }
      (number, start) = (phase, end)
    }
    phases.append(RunPhase(resolution: resolution, lastIteration: iteration, images: start...images))
    end = images
  }
}
