import Basics
import Runs

/// The images that a run was made with, as its `dataset.csv` tells: path, SHA-256, size and fate of each.
package struct LockedSet: Equatable, Sendable {
  /// Nil when the file is not what the run wrote.
  private let rows: [String: DatasetRow]?

  /// Bytes of the largest `dataset.csv` that is read.
  private static let largest = 1 << 28

  /// The set of the run in `directory`, whose manifest says what the list's hash is.
  package init(_ directory: RunDirectory, _ manifest: Manifest, _ files: any FileSystem) {
    guard let bytes = try? files.contents(of: directory.dataset, limit: Self.largest),
      manifest.datasetHash == nil || Digest.sha256(bytes) == manifest.datasetHash
    else {
      self.init(nil)
      return
    }
    self.init(DatasetCSV.rows(bytes))
  }

  /// The set of these rows; nil: of a list that cannot be read.
  package init(_ rows: [DatasetRow]?) {
    self.rows = rows.map { Dictionary($0.map { ($0.path, $0) }) { first, _ in first } }
  }

  /// The set that the bytes of a `dataset.csv` tell.
  package init(csv bytes: [UInt8]) { self.init(DatasetCSV.rows(bytes)) }

  /// The set that the spec file at `path` was run with, if that is the `spec.yaml` of a run or of a copy of one.
  package init?(besideSpec path: String, _ files: any FileSystem) {
    let directory = RunDirectory(Path.parent(of: path))
    guard Path.name(of: path) == Path.name(of: directory.spec), let files = try? files.confined(to: directory.path),
      let manifest = try? Manifest(directory, files),
      (try? files.status(of: directory.dataset)) != nil
    else { return nil }
    self.init(directory, manifest, files)
  }

  /// How the images of `now` differ from those of the run, a line for each by path: `0003.png is missing`. Files that neither
  /// uses do not count.
  package func differences(from now: [DatasetRow]) -> [String] {
    guard let rows else { return ["list dataset.csv is not the one that the run wrote"] }
    let new = Dictionary(now.map { ($0.path, $0) }) { first, _ in first }
    return Set(rows.keys).union(new.keys).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.compactMap { path in
      Self.difference(rows[path], new[path]).map { "\(path.printable) \($0)" }
    }
  }

  private static func difference(_ old: DatasetRow?, _ new: DatasetRow?) -> String? {
    switch (old, new) {
    case (let old?, let new?) where old.isUsed && new.isUsed: old.sha256 == new.sha256 ? nil : "has changed"
    case (let old?, let new?) where old.isUsed:
      old.sha256 == new.sha256 || new.sha256 == nil
        ? "is not used any more: \(new.reason.printable)" : "has changed and is not used any more: \(new.reason.printable)"
    case (let old?, nil): old.isUsed ? "is missing" : nil
    case (let old?, let new?): new.isUsed ? "is used now, and was not: \(old.reason.printable)" : nil
    case (nil, let new?): new.isUsed ? "is new" : nil
    case (nil, nil): nil
    }
  }
}
