import Basics
import Runs
import Spec

/// What a run has recorded only because it ended: rows of its last iteration that are on no cadence, and the row of its last phase.
/// A run that is trained on goes back behind them, so that it gets the bytes of one that had the longer schedule from the start.
struct EndOfRun {
  /// The iteration at which the run ended.
  let iteration: Int
  /// Its last phase, from 1.
  let phase: Int
  /// The spec with the longer schedule.
  let spec: ExperimentSpec

  /// Bytes of the longest row that is looked for.
  private static let window = 1 << 16

  /// `lengths` of the CSV files of `run` without those rows.
  func lengths(_ lengths: [String: Int], in run: RunDirectory, _ files: any FileSystem) throws -> [String: Int] {
    var result = lengths
    func drop(_ name: String, _ path: String, first cell: Int) throws {
      guard let length = lengths[name] else { return }
      result[name] = try Self.lengthWithoutRow(beginning: cell, path, length, files)
    }
    if !iteration.isMultiple(of: spec.record.metrics) {
      try drop("metrics", run.metrics, first: iteration)
      try drop("timing", run.timing, first: iteration)
    }
    try drop("phases", run.phases, first: phase)
    let every = spec.record.evaluate.every
    if every > 0, !iteration.isMultiple(of: every) { try drop("evaluations", run.evaluations, first: iteration) }
    return result
  }

  /// The length of the file at `path` without the last row of its first `length` bytes, if that row's first cell is `cell`.
  private static func lengthWithoutRow(beginning cell: Int, _ path: String, _ length: Int, _ files: any FileSystem) throws -> Int {
    let start = max(0, length - window)
    let bytes = try files.reading(path) { (file, size) throws(FileError) in
      try files.read(max(0, min(size, length) - start), from: file, at: start)
    }
    let newline = UInt8(ascii: "\n")
    guard bytes.count == length - start, bytes.last == newline,
      let before = bytes.dropLast().lastIndex(of: newline), bytes[(before + 1)...].starts(with: Array("\(cell),".utf8))
    else { return length }
    return start + before + 1
  }
}
