import Basics
import Datasets
import Foundation
import Runs
import Spec
import Training

/// Lists of images that the sweep began with.
extension SweepManifest {
  /// Fixes `rows` as the images of `use`: writes their list, and knows it from now on.
  mutating func fix(
    _ rows: [DatasetRow], of use: SweepImages.Use, in directory: SweepDirectory, _ files: any FileSystem
  ) throws {
    try SweepImages.write(rows, of: use, to: directory, files)
    let name = directory.name(ofBeginning: use.path(in: directory))
    sha256 = (sha256 ?? [:]).merging([name: Digest.sha256(DatasetCSV.text(rows))]) { $1 }
  }
}

extension Study {
  /// The paths of the lists that the sweep began with.
  var fixedLists: [String] {
    (manifest.sha256 ?? [:]).keys.map { Path.join(directory.path, $0) }
      .filter { Path.parent(of: $0) == directory.images && $0.hasSuffix(".csv") }.sorted()
  }

  /// The list at `path` with this `digest`, as a run of the sweep has it in its `dataset.csv`; nil when none has.
  func list(_ path: String, _ digest: String) throws -> [UInt8]? {
    for run in try table().trials.map(directory.run) {
      guard (try? Manifest(run, files))?.datasetHash == digest,
        let bytes = try? files.contents(of: run.dataset, limit: SweepImages.largest), Digest.sha256(bytes) == digest
      else { continue }
      return bytes
    }
    return nil
  }

  /// The list at `path` of the images as they are now; nil when they cannot be read.
  func list(_ path: String, of source: SweepSource, threads: Int, cache: ImageCache?) throws -> [UInt8]? {
    guard let uses = try? SweepImages.uses(of: source, table().trials),
      let use = uses.first(where: { $0.path(in: directory) == path }),
      let rows = try? SweepImages.now(use, threads: threads, cache: cache)
    else { return nil }
    return Array(DatasetCSV.text(rows).utf8)
  }
}
