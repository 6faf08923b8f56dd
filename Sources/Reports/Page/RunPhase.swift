import Basics
import Comparison

/// A phase of a run, as far as its rows tell.
struct RunPhase: Equatable {
  let resolution: Int
  /// The last iteration that was recorded in it.
  let lastIteration: Int
  /// Images that had been shown at its beginning and at its last row.
  let images: ClosedRange<Double>

  /// The phases of `run` that have rows, in order.
  static func of(_ run: ComparedRun, _ files: any FileSystem) throws -> [RunPhase] {
    let columns = ["iteration", "images", "phase", "resolution"]
    guard let table = run.tables.first(where: { Set(columns).isSubset(of: $0.columns) }) else { return [] }
    let series = try table.series(of: columns, files)
    var phases: [RunPhase] = []
    var (number, start, end) = (Double.nan, 0.0, 0.0)
    for row in series[0].indices {
      let (iteration, images, phase, resolution) = (series[0][row], series[1][row], series[2][row], series[3][row])
      guard let iteration = Int(exactly: iteration), let resolution = Int(exactly: resolution), images < 1e15, images >= end
      else {
        continue
      }
      if phase == number { phases.removeLast() } else { (number, start) = (phase, end) }
      phases.append(RunPhase(resolution: resolution, lastIteration: iteration, images: start...images))
      end = images
    }
    return phases
  }
}
