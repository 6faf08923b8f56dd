import Basics
import Foundation
import Runs

/// The files that a sweep begins with. Until all of them are there, a note beside the sweep's folder has their names and digests: of
/// what a killed process leaves, these alone are removed.
struct SweepBeginning {
  /// By their paths in the folder.
  let files: [(name: String, bytes: [UInt8])]

  private static func note(_ version: RunVersion, in folder: String) -> String { Path.join(folder, ".sweeps-\(version)") }

  private static func note(of sweep: SweepDirectory) -> String { note(sweep.version, in: Path.parent(of: sweep.path)) }

  /// The digests of all files but `name`, by the files' names.
  func digests(apartFrom name: String) -> [String: String] {
    Dictionary(uniqueKeysWithValues: files.filter { $0.name != name }.map { ($0.name, Digest.sha256($0.bytes)) })
  }

  private var note: String { files.map { "\(Digest.sha256($0.bytes))  \($0.name)\n" }.joined() }

  /// What the note at `path` says, digests by names; nil when there is none, or somebody else's file.
  private static func read(_ path: String, _ files: any FileSystem) throws(FileError) -> [String: String]? {
    guard try files.status(of: path)?.kind == .file else { return nil }
    var digests: [String: String] = [:]
    // The manifest has the same names and digests.
    for line in try files.contents(of: path, limit: SweepManifest.largest).split(separator: UInt8(ascii: "\n")) {
      let name = String(decoding: line.dropFirst(66), as: UTF8.self)
      guard line.dropFirst(64).starts(with: "  ".utf8), isOfBeginning(name) else { return nil }
      digests[name] = String(decoding: line.prefix(64), as: UTF8.self)
    }
    return digests
  }

  /// Whether a beginning has a file `name`; a note with any other is none, whoever wrote it.
  private static func isOfBeginning(_ name: String) -> Bool {
    if ["sweep.yaml", "experiment.yaml", "trials.csv", "prefixes/index.csv"].contains(name) { return true }
    return name.hasPrefix("images/") && name.hasSuffix(".csv") && PlainName.isPlain(Path.name(of: name))
      && Path.components(of: name).count == 2
  }

  /// Whether anything shows that workers were at `sweep`: then it has begun, whatever it has lost.
  private static func isWorkedOn(_ sweep: SweepDirectory, _ files: any FileSystem) throws(FileError) -> Bool {
    if try files.status(of: sweep.reports) != nil { return true }
    for folder in [sweep.claims, sweep.trials] where try files.status(of: folder)?.kind == .directory {
      if try !files.list(folder).isEmpty { return true }
    }
    return false
  }

  /// Removes the note of `sweep`, which has its manifest, and which a killed process may have left.
  static func forget(_ sweep: SweepDirectory, _ files: any FileSystem) throws(FileError) {
    if try read(note(of: sweep), files) != nil { try files.remove(note(of: sweep)) }
  }

  /// Whether `sweep` is being begun, or is what a process left that was killed while it began it.
  static func isUnderWay(_ sweep: SweepDirectory, _ files: any FileSystem) throws(FileError) -> Bool {
    guard try read(note(of: sweep), files) != nil else { return false }
    return try !isWorkedOn(sweep, files)
  }

  /// Takes the next free version of `name` under `runs` and writes the sweep there; `manifest` says of what folder it is. No other
  /// process may be beginning one.
  func begin(
    _ name: RunName, in runs: String, _ files: any FileSystem, _ manifest: (SweepDirectory) -> SweepManifest
  ) throws -> SweepDirectory {
    try files.createDirectories(runs)
    let (files, folder) = (try files.confined(to: runs), Path.join(runs, name.description))
    try files.createDirectories(folder)
    try Self.removeUnfinished(in: folder, files)
    return try RunVersion.takeNext(in: folder, files) { version in
      let (sweep, note) = (SweepDirectory(Path.join(folder, version.description)), Self.note(version, in: folder))
      guard try files.status(of: note) == nil else { throw FileError(.create, note, errno: EEXIST) }
      try AtomicFile.write(self.note, to: note, in: files)
      do {
        try files.createDirectory(sweep.path)
      } catch {
        try? files.remove(note)
        throw error
      }
      try files.synchronizeDirectory(folder)
      for folder in [sweep.claims, sweep.trials, sweep.prefixes, sweep.images] { try files.createDirectory(folder) }
      for (name, bytes) in self.files { try AtomicFile.write(bytes, to: Path.join(sweep.path, name), in: files) }
      try files.synchronizeDirectory(sweep.path)
      // Last, since a sweep is there when this is.
      try manifest(sweep).write(to: sweep, files)
      try files.remove(note)
      return sweep
    }
  }

  /// Removes what processes left in `folder` that were killed while they began a sweep.
  private static func removeUnfinished(in folder: String, _ files: any FileSystem) throws(FileError) {
    try AtomicFile.sweep(folder, in: files)
    for version in try files.list(folder).compactMap({ RunVersion(folder: $0.trimmingPrefix(".sweeps-").description) }) {
      let (sweep, note) = (SweepDirectory(Path.join(folder, version.description)), note(version, in: folder))
      guard let digests = try read(note, files) else { continue }
      if try files.status(of: sweep.path)?.kind == .directory, try files.status(of: sweep.manifest) == nil,
        try !isWorkedOn(sweep, files)
      {
        for folder in try sweep.written(files) { try AtomicFile.sweep(folder, in: files) }
        for (name, digest) in digests {
          let path = Path.join(sweep.path, name)
          guard try files.status(of: path)?.kind == .file,
            try Digest.sha256(file: path, limit: SweepImages.largest, in: files) == digest
          else { continue }
          try files.remove(path)
        }
        // A folder with something else in it stays.
        for folder in [sweep.images, sweep.prefixes, sweep.trials, sweep.claims, sweep.path] { try? files.removeDirectory(folder) }
      }
      try files.remove(note)
    }
  }
}
