import Basics
import Foundation
import Runs

/// `sweep.json`: where a sweep comes from.
package struct SweepManifest: Codable, Equatable, Sendable {
  static let currentFormat = 1
  /// A sweep may have a list of images for each of its trials.
  static let largest = 4 << 20

  package var formatVersion = SweepManifest.currentFormat
  /// `rates/v001`.
  package var id: String
  /// ISO 8601, UTC.
  package var created: String
  package var fadeinVersion: String
  /// Where the sweep file and the experiment's file stood.
  package var file: String
  package var experiment: String
  /// SHA-256 of the files that the sweep began with, by their paths in its folder; nil for a sweep from before there were any.
  var sha256: [String: String]?

  enum CodingKeys: String, CodingKey {
    case formatVersion = "format_version"
    case id, created
    case fadeinVersion = "fadein_version"
    case file, experiment, sha256
  }

  init(id: String, fadeinVersion: String, file: String, experiment: String) {
    self.id = id
    self.fadeinVersion = fadeinVersion
    self.file = file
    self.experiment = experiment
    created = Timestamp.now.description
  }

  /// Reads the file of `sweep`.
  init(_ sweep: SweepDirectory, _ files: any FileSystem) throws {
    let bytes = try files.contents(of: sweep.manifest, limit: Self.largest)
    do {
      self = try JSONDecoder().decode(SweepManifest.self, from: Data(bytes))
    } catch {
      throw UnusableFile(sweep.manifest, "it is not the manifest of a sweep")
    }
    guard formatVersion <= Self.currentFormat else {
      throw UnusableFile(sweep.manifest, "it has format \(formatVersion), from a newer Fadein")
    }
  }

  /// Writes the file of `sweep`.
  func write(to sweep: SweepDirectory, _ files: any FileSystem) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try AtomicFile.write([UInt8](try encoder.encode(self)) + Array("\n".utf8), to: sweep.manifest, in: files)
  }
}
