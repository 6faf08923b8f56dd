import Basics
import Datasets
import Models
import Runs
import Spec

/// A run as its directory records it: what resuming and verifying begin with. Reading it changes nothing.
package struct RecordedRun {
  package let directory: RunDirectory
  package let manifest: Manifest
  /// What `spec.yaml` says now.
  package let spec: ExperimentSpec
  /// SHA-256 of `spec.yaml` as it is now.
  let specHash: String
  let files: any FileSystem

  /// Reads the run in `directory`. Throws when it has not been begun, or is damaged. No link in it is followed.
  package init(_ directory: RunDirectory, _ files: any FileSystem) throws {
    let files = try files.confined(to: directory.path)
    do {
      manifest = try Manifest(directory, files)
    } catch let error as FileError where error.isNotFound {
      throw Diagnostics(
        "'\(directory.path)' has no run.json", note: "it was ended before anything was recorded; begin anew with 'fadein run'",
        exitCode: .inputNotFound)
    }
    let bytes = try files.contents(of: directory.spec, limit: SpecFile.largest)
    (spec, specHash) = (try RunSpec.parse(bytes, of: directory), Digest.sha256(bytes))
    self.directory = directory
    self.files = files
  }

  /// Where the images are now, if they are not where the spec says, and stand to the run's folder as they did: in a project that was
  /// moved as a whole. Nil otherwise. Whether they are the same is for whoever uses them to compare with ``lockedSet``.
  func movedImages() throws(FileError) -> String? {
    guard let before = manifest.path, Path.isAbsolute(before), try files.status(of: spec.data.path) == nil,
      let relative = Path.relative(spec.data.path, to: before)
    else { return nil }
    let now = WorkingFolder.absolute(relative, from: WorkingFolder.absolute(directory.path))
    return try files.status(of: now)?.kind == .directory ? now : nil
  }

  /// The run with another end: the hold of its last phase is such that it ends at `iteration`. Only in memory.
  func ending(at iteration: Int) throws -> RecordedRun {
    if let sweep = manifest.sweep {
      throw Diagnostics(
        "'\(directory.path)' is a trial of the sweep \(sweep): trained on it would be unlike the others",
        note: "'fadein run SPEC --from RUN' begins a new run with its weights", exitCode: .badData)
    }
    let spec = try spec.ending(at: iteration)
    guard spec != self.spec else { return self }
    let yaml = try spec.readableYAML(.experiments)
    return RecordedRun(directory, manifest, spec, specHash: Digest.sha256(yaml), files)
  }

  private init(
    _ directory: RunDirectory, _ manifest: Manifest, _ spec: ExperimentSpec, specHash: String, _ files: any FileSystem
  ) {
    self.directory = directory
    self.manifest = manifest
    self.spec = spec
    self.specHash = specHash
    self.files = files
  }

  /// The run's checkpoints.
  var store: CheckpointStore { CheckpointStore(directory.checkpoints, keep: spec.record.checkpoints.keep, in: files) }

  /// Bytes of `events.csv` among which the first checkpoint is: little happens before it.
  private static var earlyEvents: Int { 1 << 20 }

  /// Whether the run had a checkpoint at some time, according to its records.
  func hadCheckpoint() throws -> Bool {
    if try files.status(of: directory.generator) != nil { return true }
    guard try TableRow(lastOf: directory.events, files) != nil else {
      let last = try TableRow(lastOf: directory.metrics, files).flatMap { Int($0[Column.iteration.name] ?? "") } ?? 0
      return last >= spec.record.checkpoints.every
    }
    let events = try files.reading(directory.events) { (file, size) throws(FileError) in
      try files.read(min(size, Self.earlyEvents), from: file, at: 0)
    }
    return !events.ranges(of: Array(",\(RunEvent.checkpoint.rawValue),".utf8)).isEmpty
  }

  /// The spec that the run was last known to follow: as a checkpoint has it, else as it was asked for. Nil if neither can be read.
  func followedSpec(_ checkpoint: StoredCheckpoint?) -> ExperimentSpec? {
    if let text = checkpoint?[state: "spec"] {
      return try? ExperimentSpec.read(text: text, path: directory.spec, language: .experiments, isRecorded: true)
    }
    let overrides = (try? files.contents(of: directory.overrides, limit: RunDirectory.largestOverrides)) ?? []
    // By bytes: for a string, a line feed and what follows it may be one character.
    let lines = overrides.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
    guard let source = try? files.contents(of: directory.source, limit: SpecFile.largest),
      var spec = try? ExperimentSpec.read(
        text: try SpecFile.string(from: source, file: directory.source), path: directory.source, overrides: lines,
        language: .experiments,
        isRecorded: true)
    else { return nil }
    // A relative folder was meant from where the source stood, which nobody knows any more.
    if !spec.data.folder.hasPrefix("/") { spec.data = self.spec.data.replacing(spec.data) }
    return spec
  }

  /// The images that the run was last known to use.
  var lockedSet: LockedSet { LockedSet(directory, manifest, files) }
}

extension DataSpec {
  /// `other` with this one's folder.
  fileprivate func replacing(_ other: DataSpec) -> DataSpec {
    var other = other
    (other.folder, other.path) = (folder, path)
    return other
  }
}
