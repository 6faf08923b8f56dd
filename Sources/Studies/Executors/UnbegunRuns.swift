import Basics
import Foundation
import Runs

extension MissingManifest {
  /// `run` of a sweep has no `run.json`, and what is at `sign` shows that it was begun.
  init(of run: RunDirectory, sign: String) {
    self.init(
      path: run.manifest, sign: sign,
      note: "put the file back, or move the folder elsewhere to have it trained anew, and run the sweep again")
  }
}

extension RunDirectory {
  /// The folders whose files are numbered by iterations, and how the names of these end.
  var numbered: [(folder: String, ending: String)] { [(samples, ".png"), (checkpoints, ".safetensors")] }
}

/// Folders of runs that have no manifest: what an interrupted beginning left, or a run that has lost it.
extension Study {
  /// Throws ``MissingManifest`` when the run of a trial of `trials` that waits, or of what they share, was begun and has lost its
  /// manifest, and ``OtherBeginning`` when what they share is another run.
  func requireManifests(_ trials: [Trial]) throws {
    let (waiting, index) = (trials.filter { $0.status == .waiting }, try prefixIndex())
    for trial in waiting { try requireUnbegun(directory.run(trial), copied: index.prefix(of: trial)?.iteration) }
    let numbers = Set(waiting.map(\.number))
    for prefix in index.prefixes where !numbers.isDisjoint(with: prefix.trials) {
      try requireUnbegun(directory.prefix(prefix.name), copied: index.prefix(parentOf: prefix)?.iteration)
      try requireOwn(prefix)
    }
  }

  /// Throws ``MissingManifest`` when `run` has no manifest although it was begun.
  /// - Parameter iteration: up to where it is copied from another run before it has begun, if it is.
  func requireUnbegun(_ run: RunDirectory, copied iteration: Int?) throws {
    guard try files.status(of: run.path) != nil, try files.status(of: run.manifest) == nil,
      let sign = try sign(run, copied: iteration)
    else { return }
    // Another process may have begun it meanwhile.
    guard try files.status(of: run.manifest) == nil else { return }
    throw MissingManifest(of: run, sign: sign)
  }

  /// The path of something in the folder of `run` that only a run has that was begun, or that is none of ours.
  private func sign(_ run: RunDirectory, copied iteration: Int?) throws -> String? {
    guard try files.status(of: run.path)?.kind == .directory else { return run.path }
    let tables = [run.metrics, run.timing, run.phases, run.evaluations, run.events]
    let known = [run.lock, run.source, run.overrides, run.spec, run.dataset] + (iteration == nil ? [] : tables)
    let folders = run.numbered.map(\.folder)
    func other(in folder: String, _ isExpected: (FolderEntry) -> Bool) throws(FileError) -> String? {
      try files.entries(of: folder).first { entry in
        !isExpected(entry) && !(entry.kind == .file && AtomicFile.isTemporary(entry.name))
      }.map { Path.join(folder, $0.name) }
    }
    let stranger = try other(in: run.path) { entry in
      let path = Path.join(run.path, entry.name)
      return entry.kind == .file && known.contains(path) || entry.kind == .directory && folders.contains(path)
    }
    if let stranger { return stranger }
    for (folder, ending) in run.numbered where try files.status(of: folder)?.kind == .directory {
      let later = try other(in: folder) { entry in
        guard entry.kind == .file, entry.name.hasSuffix(ending), let number = Int(entry.name.dropLast(ending.count)) else {
          return false
        }
        return iteration.map { number <= $0 } ?? false
      }
      if let later { return later }
    }
    // A copy ends where it was made, and nothing has happened to it yet.
    for table in run.measurements + [run.events] where try files.status(of: table) != nil {
      guard let row = try TableRow(lastOf: table, files) else {
        if try files.contents(of: table, limit: Self.largestHeader).count(where: { $0 == UInt8(ascii: "\n") }) > 1 { return table }
        continue
      }
      guard let iteration, let last = Int(row[Column.iteration.name] ?? ""), last <= iteration else { return table }
      if table == run.events, row["event"] != RunEvent.start.rawValue { return table }
    }
    return nil
  }

  /// Bytes of the largest table without rows.
  private static var largestHeader: Int { 1 << 20 }
}
