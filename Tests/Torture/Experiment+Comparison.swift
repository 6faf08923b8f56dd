import Basics
import Foundation
import Runs

/// The bytes of the file at `path`.
func bytes(of path: String) throws -> [UInt8] { try LocalFileSystem().contents(of: path, limit: 1 << 30) }

/// How many rows of the run's `events.csv` are of this kind.
func count(_ event: RunEvent, in run: RunDirectory) throws -> Int {
  try (CSVTable(bytes(of: run.events))[column: "event"] ?? []).count { $0 == event.rawValue }
}

/// Ends the trial if a file at one of these places differs between `run` and `other`.
func checkEqual(_ run: RunDirectory, _ other: RunDirectory, _ places: [KeyPath<RunDirectory, String>]) throws {
  for place in places {
    let paths = [run, other].map { $0[keyPath: place] }
    try check(bytes(of: paths[0]) == bytes(of: paths[1]), "\(paths[0]) differs")
  }
}

/// All files in a folder and below, by their paths there.
struct FolderContents: Equatable {
  let files: [String: Data]

  init(of folder: String, without excluded: String? = nil) throws {
    var files: [String: Data] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: folder) where path != excluded {
      files[path] = FileManager.default.contents(atPath: Path.join(folder, path))
    }
    self.files = files
  }
}

/// A checkpoint without what the clock has a part in: lengths of files with times in them, and its own digest.
struct TimelessCheckpoint: Equatable {
  let name: String
  let tensors: [SafetensorsHeader.Entry]
  let data: ArraySlice<UInt8>
  let state: [String: String]

  /// Reads the one at `path` and checks every byte of it.
  init(_ path: String) throws {
    let file = try SealedFile.open(path, in: LocalFileSystem())
    (name, tensors) = (Path.name(of: path), file.header.entries)
    data = try bytes(of: path).suffix(file.header.dataSize)
    state = file.metadata.filter { $0.key != SealedFile.key }.mapValues { $0.replacing(/"(timing|phases)":[0-9]*/, with: "") }
  }
}

/// The header and the rows of a table, without columns that the clock has a part in.
func timelessRows(_ bytes: [UInt8]) throws -> [[String]] {
  let timed = Set(Column.timing.map(\.name)).subtracting([Column.iteration.name])
  let table = try CSVTable(bytes)
  let kept = table.columns.indices.filter { !timed.contains(table.columns[$0]) }
  return ([table.columns] + table.rows).map { row in kept.map { row[$0] } }
}

extension Experiment {
  /// Ends the trial if something in `run` differs from the undisturbed one.
  func compare(_ run: RunDirectory) throws {
    try checkEqual(run, whole, [\.metrics, \.evaluations, \.generator, \.dataset, \.spec])
    try check(FolderContents(of: whole.samples) == FolderContents(of: run.samples), "\(run.samples) differ")
    try check(timelessRows(bytes(of: whole.phases)) == timelessRows(bytes(of: run.phases)), "\(run.phases) differs")
    try check(Self.newestCheckpoint(of: whole) == Self.newestCheckpoint(of: run), "the last checkpoint of \(run.path) differs")
    let left = try FileManager.default.subpathsOfDirectory(atPath: run.path).filter { $0.contains(AtomicFile.mark) }
    try check(left.isEmpty, "temporary files are left in \(run.path): \(left)")
  }

  /// Where the newest checkpoint of `run` is, whole or not.
  static func newestPath(of run: RunDirectory) throws -> String {
    let store = CheckpointStore(run.checkpoints, keep: 1, in: LocalFileSystem())
    guard let newest = try store.iterations().last else { throw Verdict.failed("\(run.path) has no checkpoint") }
    return store.path(newest)
  }

  static func newestCheckpoint(of run: RunDirectory) throws -> TimelessCheckpoint { try TimelessCheckpoint(newestPath(of: run)) }
}
