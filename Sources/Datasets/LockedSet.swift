import Basics
import Runs

/// The images that a run was made with, as its `dataset.csv` lists them: path, SHA-256, size and fate of each.
package struct LockedSet: Equatable, Sendable {
  /// What the file says by path, or why it says nothing.
  private let rows: Result<[ByteText: Entry], Unreadable>

  /// What counts of an image. A stranger's list may have millions of them.
  private struct Entry: Equatable {
    let sha256: Digest.Words?
    /// Why it is not used; nil when it is.
    let reason: String?

    init(_ row: DatasetRow) {
      (sha256, reason) = (row.sha256.map(Digest.Words.init), row.isUsed ? nil : row.reason)
    }

    var isUsed: Bool { reason == nil }
  }

  /// Why the list cannot be compared with anything.
  private struct Unreadable: Error, Equatable { let reason: String }

  /// The set of the run in `directory`, whose manifest says what the list's hash is.
  package init(_ directory: RunDirectory, _ manifest: Manifest, _ files: any FileSystem) {
    do {
      let bytes = try files.contents(of: directory.dataset, limit: DatasetCSV.limits.fileBytes)
      guard manifest.datasetHash == nil || Digest.sha256(bytes) == manifest.datasetHash else {
        rows = .failure(Unreadable(reason: "is not the one that the run wrote"))
        return
      }
      rows = .success(try Self.byPath(csv: bytes))
    } catch let error as FileError {
      rows = .failure(Unreadable(reason: "cannot be read: \(error.reason)"))
    } catch {
      rows = .failure(Unreadable(reason: "cannot be read: \(error)"))
    }
  }

  /// The set that these rows describe.
  package init(_ rows: [DatasetRow]) { self.rows = .success(Self.byPath(rows)) }

  /// The set that the bytes of a `dataset.csv` describe.
  package init(csv bytes: [UInt8]) {
    do {
      rows = .success(try Self.byPath(csv: bytes))
    } catch {
      rows = .failure(Unreadable(reason: "cannot be read: \(error)"))
    }
  }

  private static func byPath(_ rows: [DatasetRow]) -> [ByteText: Entry] {
    Dictionary(rows.map { (ByteText($0.path), Entry($0)) }) { first, _ in first }
  }

  private static func byPath(csv bytes: [UInt8]) throws(CSVTable.Problem) -> [ByteText: Entry] {
    var entries: [ByteText: Entry] = [:]
    try DatasetCSV.read(bytes) { row in
      let path = ByteText(row.path)
      if entries[path] == nil { entries[path] = Entry(row) }
    }
    return entries
  }

  /// The set that the spec file at `path` was run with, if that is the `spec.yaml` of a run or of a copy of one. Throws when it
  /// is, and the run's manifest cannot be read.
  package init?(besideSpec path: String, _ files: any FileSystem) throws {
    let directory = RunDirectory(Path.parent(of: path))
    guard Path.name(of: path) == Path.name(of: directory.spec), try files.status(of: directory.dataset) != nil,
      try files.status(of: directory.manifest) != nil
    else { return nil }
    let files = try files.confined(to: directory.path)
    self.init(directory, try Manifest(directory, files), files)
  }

  /// How the images of `now` differ from those of the run, a line for each by path: `0003.png is missing`. Files that neither
  /// uses do not count.
  package func differences(from now: [DatasetRow]) -> [String] {
    let (old, new): ([ByteText: Entry], [ByteText: Entry])
    do {
      (old, new) = (try rows.get(), Self.byPath(now))
    } catch {
      return ["list dataset.csv \(error.reason)"]
    }
    // Equal as text, but not as bytes: a folder that came back with the other Unicode spelling of its names.
    let respelled = Set(new.keys.filter { old[$0] == nil }.map(\.text))
    return Set(old.keys).union(new.keys).sorted().compactMap { path in
      guard let difference = Self.difference(old[path], new[path]) else { return nil }
      let isRespelled = new[path] == nil && respelled.contains(path.text)
      return "\(path.text.printable) \(difference)" + (isRespelled ? ": its name is now spelled with other bytes" : "")
    }
  }

  private static func difference(_ old: Entry?, _ new: Entry?) -> String? {
    switch (old, new) {
    case (let old?, let new?) where old.isUsed && new.isUsed: old.sha256 == new.sha256 ? nil : "has changed"
    case (let old?, let new?) where old.isUsed:
      old.sha256 == new.sha256 || new.sha256 == nil
        ? "is not used any more: \((new.reason ?? "").printable)"
        : "has changed and is not used any more: \((new.reason ?? "").printable)"
    case (let old?, nil): old.isUsed ? "is missing" : nil
    case (let old?, let new?): new.isUsed ? "is used now, and was not: \((old.reason ?? "").printable)" : nil
    case (nil, let new?): new.isUsed ? "is new" : nil
    case (nil, nil): nil
    }
  }
}
