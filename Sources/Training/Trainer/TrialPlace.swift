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

  /// The place in `directory`.
  package init(directory: String, sweep: String, version: RunVersion, number: Int?) {
    (self.directory, self.sweep, self.version, self.number) = (directory, sweep, version, number)
  }

  /// As `rates/v001/t0001`.
  var id: String { "\(sweep)/\(directory.split(separator: "/").last ?? "")" }
}
