import Basics

/// `timing.csv`: everything that depends on the clock and the machine.
package typealias TimingCSV = RowLog<TimingRow>

/// One row of `timing.csv`.
package struct TimingRow: CSVRow, Equatable {
  package let iteration: Int
  /// Since this process began to train.
  package let seconds: Double
  package let iterationMilliseconds: Double
  package let imagesPerSecond: Double
  package let residentMegabytes: Double

  /// The row after `iteration`.
  package init(
    iteration: Int, seconds: Double, iterationMilliseconds: Double, imagesPerSecond: Double, residentMegabytes: Double
  ) {
    (self.iteration, self.seconds, self.iterationMilliseconds) = (iteration, seconds, iterationMilliseconds)
    (self.imagesPerSecond, self.residentMegabytes) = (imagesPerSecond, residentMegabytes)
  }

  package static let columns = ["iteration", "seconds", "iteration_ms", "images_per_second", "resident_mb"]

  package var cells: [CSVCell] {
    [
      .integer(iteration), .double(seconds), .double(iterationMilliseconds), .double(imagesPerSecond),
      .double(residentMegabytes),
    ]
  }
}
