import Basics
import Datasets
import Runs

/// The place of a run within a sweep.
package struct TrialPlace: Equatable, Sendable {
  /// The folder that the run is to have; it must not be there yet.
  package var directory: String
  /// The sweep, as `rates/v001`.
  package var sweep: String
  package var version: RunVersion
  /// From 1; nil for what several trials have in common.
  package var number: Int?
  /// The images that all trials of the sweep are trained on; nil: whatever is there.
  package var images: LockedSet?

  /// The place in `directory`.
  package init(directory: String, sweep: String, version: RunVersion, number: Int?) {
    self.directory = directory
    self.sweep = sweep
    self.version = version
    self.number = number
  }

  /// The images are not those of the sweep.
  package struct OtherImages: UserFacingError, Equatable {
    package let sweep: String
    /// As in `0003.png is missing`.
    package let differences: [String]
    package var exitCode: ExitCode { .badData }
    package var description: String {
      "the images of '\(sweep.printable)' have changed since it began: \(differences.first ?? "")"
    }
  }

  /// Throws ``OtherImages`` when `dataset` is not what the sweep is trained on.
  func requireSame(_ dataset: Dataset) throws(OtherImages) {
    let differences = images?.differences(from: dataset.rows) ?? []
    guard differences.isEmpty else { throw OtherImages(sweep: sweep, differences: differences) }
  }

  /// As `rates/v001/t0001`.
  var id: String { "\(sweep)/\(directory.split(separator: "/").last ?? "")" }
}
