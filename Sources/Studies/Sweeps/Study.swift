import Basics
import Datasets
import Foundation
import Runs
import Spec
import Training

/// A sweep in its directory. All state is in files; a process that has read nothing yet knows as much as any other.
///
///     let source = try SweepSource(path: "experiments/penalty.sweep.yaml")
///     let trials = try source.plannedTrials()                       // 6: three weights with two seeds each
///     let study = try Study.begin(source, file: "experiments/penalty.sweep.yaml", trials: trials, in: "runs", version: "0.1.0")
///     study.remaining(try study.table())                            // 6, until a worker has finished one
package struct Study: Sendable {
  package let directory: SweepDirectory
  package let source: SweepSource
  package let manifest: SweepManifest
  package let files: any FileSystem
  let memory = TableMemory()

  /// Nobody holds the table for longer than it takes to write it, but a machine may be busy.
  private static let patienceSeconds = 120.0

  /// Reads the sweep in `directory`. Throws ``Changed`` when it is not what it began with.
  package init(_ directory: SweepDirectory, _ files: any FileSystem = LocalFileSystem()) throws {
    // A directory may come from anybody: no link in it is followed.
    let files = try files.confined(to: directory.path)
    self.directory = directory
    self.files = files
    func read() throws -> (SweepManifest, SweepSource) {
      let manifest = try SweepManifest(directory, files)
      func text(_ path: String) throws -> String {
        let bytes = try Self.beginning(path, limit: Self.largestText, directory, manifest, files)
        return try SpecFile.string(from: bytes, file: path)
      }
      let source = try SweepSource(
        sweepText: try text(directory.sweep), at: directory.sweep, experimentText: try text(directory.experiment),
        at: manifest.experiment)
      return (manifest, source)
    }
    do {
      (manifest, source) = try read()
    } catch let changed as Changed {
      // Who extends the sweep writes these files one after the other, and has the table's lock meanwhile.
      guard let lock = try? FileLock.waiting(for: directory.tableLock, seconds: Self.patienceSeconds, files) else { throw changed }
      defer { withExtendedLifetime(lock) {} }
      (manifest, source) = try read()
    }
  }

  /// Takes a directory under `runs` for a new sweep of `trials`, which have been validated, and fixes its images. These are read
  /// with `threads` and `cache`.
  package static func begin(
    _ source: SweepSource, file: String, trials: [Trial], in runs: String, version: String, threads: Int = 1,
    cache: ImageCache? = nil, _ files: any FileSystem = LocalFileSystem()
  ) throws -> Study {
    // Before a folder is taken: there may be no images.
    let images = try SweepImages.uses(of: source, trials).map { ($0, try SweepImages.now($0, threads: threads, cache: cache)) }
    var table = TrialTable(paths: source.sweep.paths)
    table.trials = source.sweep.search.isAdaptive ? [] : trials
    let (place, index) = (SweepDirectory("new"), try PrefixIndex(source, table.trials))
    var texts = texts(source, index, in: place) + [(place.table, table.text)]
    for (use, rows) in images { texts.append((use.path(in: place), DatasetCSV.text(rows))) }
    let beginning = SweepBeginning(files: texts.map { (place.name(ofBeginning: $0.0), Array($0.1.utf8)) })
    let directory = try beginning.begin(RunName(source.sweep.name)!, in: runs, files) { directory in
      var manifest = SweepManifest(
        id: directory.id, fadeinVersion: version, file: absolute(file), experiment: source.experimentPath)
      manifest.sha256 = beginning.digests(apartFrom: place.name(ofBeginning: place.table))
      return manifest
    }
    return try Study(directory, files)
  }

  /// The same sweep, whose files are now where `source` was read, from `file`, and whose images may be elsewhere too.
  package func moved(to source: SweepSource, file: String, hasOtherFolders: Bool) throws -> Study {
    let (file, experiment) = (Self.absolute(file), source.experimentPath)
    guard hasOtherFolders || manifest.file != file || manifest.experiment != experiment else { return self }
    var manifest = manifest
    (manifest.file, manifest.experiment) = (file, experiment)
    // Names of prefixes come from the settings as they were written then.
    try exclusively { try write(source, prefixIndexHoldingLock(), manifest) }
    return try Study(directory, files)
  }

  /// What the sweep file says.
  package var sweep: SweepSpec { source.sweep }

  /// The trials as they are now. A table that was removed or damaged since this process saw it is restored first.
  package func table() throws -> TrialTable {
    switch try stored() {
    case .success(let table): return try taken(table)
    case .failure: return try exclusively(tableHoldingLock)
    }
  }

  /// Changes the trials while no other process does. What has changed is durable on return.
  @discardableResult package func update<Value>(_ body: (inout TrialTable) throws -> Value) throws -> Value {
    try exclusively {
      var table = try tableHoldingLock()
      let before = table
      let value = try body(&table)
      if table != before { try table.write(to: directory.table, files) }
      memory.keep(table)
      return value
    }
  }

  /// Does `body` while no other process changes the tables of this sweep.
  func exclusively<Value>(_ body: () throws -> Value) throws -> Value {
    let lock = try FileLock.waiting(for: directory.tableLock, seconds: Self.patienceSeconds, files)
    defer { withExtendedLifetime(lock) {} }
    return try body()
  }

  /// Removes what killed processes left half-written beside the sweep's own files, which are written by who holds the table's lock.
  package func sweepTemporaries() throws {
    let folders = try directory.written(files)
    guard try folders.contains(where: { try files.list($0).contains(where: AtomicFile.isTemporary) }) else { return }
    try exclusively { for folder in folders { try AtomicFile.sweep(folder, in: files) } }
  }

  /// The file whose lock the process has that runs `trial`.
  func claim(_ trial: Trial) -> String { claimFile(trial.number) }

  func claimFile(_ number: Int) -> String { Path.join(directory.claims, Trial.name(number)) }

  /// Whether a process runs `trial` at this moment.
  package func isRunning(_ trial: Trial) throws -> Bool { try FileLock.isHeld(claim(trial), files) }

  /// Trials that are still to be run, those included whose values are not chosen yet.
  package func remaining(_ table: TrialTable) -> Int {
    let waiting = table.trials.count { $0.status == .waiting }
    guard sweep.search.isAdaptive else { return waiting }
    let points = table.trials.map(\.point).max() ?? 0
    return waiting + max(0, sweep.strategy.count - points) * sweep.repeats
  }

  private static func absolute(_ path: String) -> String { WorkingFolder.absolute(path) }
}
