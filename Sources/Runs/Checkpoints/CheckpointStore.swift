import Basics
import Foundation

/// The checkpoints of one run.
package struct CheckpointStore: Sendable {
  /// The version of the content's format that is written.
  package static let format = 1

  private static let ending = ".safetensors"
  /// The highest iteration that a file's name can have; no schedule is as long.
  private static let highest = 1_000_000_000_000

  package let folder: String
  /// How many of the newest stay.
  package let keep: Int
  private let files: any FileSystem

  /// The checkpoints in `folder`.
  package init(_ folder: String, keep: Int, in files: any FileSystem) {
    precondition(keep >= 1, "keeping \(keep) checkpoints would lose the run")
    self.folder = folder
    self.keep = keep
    self.files = files
  }

  /// The file name of the checkpoint after `iteration`: `000007500.safetensors`.
  package static func name(_ iteration: Int) -> String { padded(iteration, 9) + ending }

  /// The one of `iterations` that is nearest to `wanted`, as text; nil when there are none.
  package static func closest(to wanted: Int, among iterations: [Int]) -> String? {
    iterations.min { abs(Double($0) - Double(wanted)) < abs(Double($1) - Double(wanted)) }.map(String.init)
  }

  /// The iterations that have a file, oldest first. Files of other names are not ours.
  package func iterations() throws(FileError) -> [Int] {
    guard try files.status(of: folder) != nil else { return [] }
    return try files.list(folder).compactMap { name in
      guard name.hasSuffix(Self.ending), let iteration = Int(name.dropLast(Self.ending.count)) else { return nil }
      return Self.name(iteration) == name && (0...Self.highest).contains(iteration) ? iteration : nil
    }.sorted()
  }

  /// Stores `checkpoint`. Once it is durable and was read back whole, those go that `retention` does not keep: without one, the
  /// oldest that are more than `keep`.
  package func save(_ checkpoint: Checkpoint, _ retention: CheckpointRetention? = nil) throws {
    let path = path(checkpoint.iteration)
    var metadata = checkpoint.state
    metadata["format"] = String(Self.format)
    metadata["iteration"] = String(checkpoint.iteration)
    try SealedFile.write(checkpoint.tensors, metadata: metadata, to: path, in: files)
    _ = try open(checkpoint.iteration)
    try removeSurplus(of: checkpoint.iteration, retention ?? CheckpointRetention(newest: keep))
  }

  /// Removes what `retention` does not keep of the checkpoints up to that of `iteration`, which is whole: what a process that was
  /// killed behind ``save(_:_:)``'s writing still had to do. At the end of a run that is durable on return.
  package func removeSurplus(of iteration: Int, _ retention: CheckpointRetention) throws {
    // One that is later than this run's present was found damaged when the run resumed; it is not counted as kept.
    let earlier = try iterations().filter { $0 <= iteration }
    let surplus = try retention.surplus(of: earlier, notes: notes)
    for iteration in surplus { try files.remove(path(iteration)) }
    if retention.isFinished && !surplus.isEmpty { try files.synchronizeDirectory(folder) }
  }

  /// What the checkpoint after `iteration` says of itself; nil when it is damaged. Throws when it cannot be read: it may be whole,
  /// and what it says may be why another one goes.
  private func notes(_ iteration: Int) throws -> CheckpointNotes? {
    try metadata(iteration).map { CheckpointNotes(metadata: $0) }
  }

  /// The metadata of the checkpoint after `iteration`, whose digest is not checked; nil when its header is damaged.
  package func metadata(_ iteration: Int) throws -> [String: String]? {
    do {
      return try SafetensorsFile(path(iteration), in: files).metadata
    } catch is SafetensorsError {
      return nil
    } catch let error as FileError where error.errno == EINVAL || error.errno == ELOOP {
      // No regular file.
      return nil
    }
  }

  /// Removes every checkpoint that is later than `iteration`; they are gone for good on return.
  package func removeAll(after iteration: Int) throws(FileError) {
    let later = try iterations().filter { $0 > iteration }
    for iteration in later.reversed() { try files.remove(path(iteration)) }
    if !later.isEmpty { try files.synchronizeDirectory(folder) }
  }

  /// Opens the checkpoint after `iteration` and checks every byte of it.
  package func open(_ iteration: Int) throws -> StoredCheckpoint {
    let file = try SealedFile.open(path(iteration), in: files)
    guard file.metadata["format"] == String(Self.format) else {
      throw UnusableFile(file.path, "its format is \(file.metadata["format"] ?? "unknown") instead of \(Self.format)")
    }
    guard file.metadata["iteration"] == String(iteration) else {
      throw UnusableFile(file.path, "it belongs to iteration \(file.metadata["iteration"] ?? "unknown")")
    }
    return StoredCheckpoint(iteration: iteration, file: file)
  }

  /// The newest checkpoint that is whole, or nil when there is none. `report` gets each newer one that is not.
  package func newest(_ report: (any Error) -> Void) throws(FileError) -> StoredCheckpoint? {
    for iteration in try iterations().reversed() {
      do {
        return try open(iteration)
      } catch {
        report(error)
      }
    }
    return nil
  }

  /// Where the checkpoint after `iteration` is.
  package func path(_ iteration: Int) -> String { Path.join(folder, Self.name(iteration)) }
}
