import Basics
import Foundation

/// A folder that a command is to write into, and what may not be touched in it. It need not be there yet.
struct OutputFolder {
  /// The folder of a run or sweep that it is in, or is.
  let record: String?
  /// Whether it is the folder that a run leaves to `generate`.
  let isForDrawings: Bool
  /// A link in the folder of a run or sweep that leads here: the author of the run may have planted it.
  let link: String?
  /// The absolute path, without links as far as the folder is there.
  private let path: String

  /// What is to be known about the folder `folder`.
  init(_ folder: String, _ files: any FileSystem) {
    let path = Self.resolved(folder)
    let record = Self.record(of: path, files)
    self.path = path
    self.record = record
    isForDrawings = record.map { path == RunDirectory($0).drawings && Self.isRun($0, files) } ?? false
    link = Self.link(before: folder, files)
  }

  /// Whether this is the folder `other`, or below it, wherever links lead.
  func isIn(_ other: String) -> Bool {
    let other = Self.resolved(other)
    return path.utf8.elementsEqual(other.utf8) || path.utf8.starts(with: (other == "/" ? other : other + "/").utf8)
  }

  /// Names that only a run or sweep may give in its folder: those of its files, and of folders in which everything is its own.
  private static let reserved: (run: Set<String>, sweep: Set<String>) = {
    let run = RunDirectory("")
    let files =
      run.beginning + [run.metrics, run.timing, run.phases, run.evaluations, run.events, run.generator, run.log, run.lock]
    return (
      Set(files + [run.samples, run.checkpoints]),
      [
        "sweep.yaml", "experiment.yaml", "sweep.json", "trials.csv", "rungs.csv", "workers.txt", ".table", ".lock", "trials",
        "prefixes", "images", "claims", "slurm",
      ]
    )
  }()

  /// Whether a file `name` that is not there yet would be taken for one of the run's or sweep's own.
  func reserves(_ name: String, _ files: any FileSystem) -> Bool {
    guard let record else { return false }
    let step = Path.components(of: path).dropFirst(Path.components(of: record).count).first ?? name
    return (Self.isRun(record, files) ? Self.reserved.run : Self.reserved.sweep).contains(step)
  }

  private static func isRun(_ folder: String, _ files: any FileSystem) -> Bool { has(["run.json", "spec.yaml"], folder, files) }

  private static func record(of path: String, _ files: any FileSystem) -> String? {
    var folder = path
    while true {
      if isRun(folder, files) || has(["sweep.json", "sweep.yaml"], folder, files) { return folder }
      if folder == "/" { return nil }
      folder = Path.parent(of: folder)
    }
  }

  /// The first link of `folder`'s path that lies in the folder of a run or sweep.
  private static func link(before folder: String, _ files: any FileSystem) -> String? {
    var steps = folder
    while steps != "/", steps != "." {
      var status = stat()
      let parent = Path.parent(of: steps)
      if lstat(steps.systemBytes, &status) == 0, status.st_mode & S_IFMT == S_IFLNK, record(of: resolved(parent), files) != nil {
        return steps
      }
      steps = parent
    }
    return nil
  }

  private static func has(_ names: [String], _ folder: String, _ files: any FileSystem) -> Bool {
    names.allSatisfy { ((try? files.status(of: Path.join(folder, $0))) ?? nil) != nil }
  }

  /// `folder` as an absolute path, without links as far as it is there.
  private static func resolved(_ folder: String) -> String {
    var (start, rest) = (folder.isEmpty ? "." : folder, [String]())
    while true {
      if let path = realpath(start.systemBytes, nil) {
        defer { free(path) }
        return rest.reversed().reduce(SystemText.decode(path)) { Path.join($0, $1) }
      }
      if start == "/" || start == "." { return rest.reversed().reduce(start) { Path.join($0, $1) } }
      rest.append(Path.name(of: start))
      start = Path.parent(of: start)
    }
  }
}
