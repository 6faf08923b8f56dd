import Basics
import Models
import Runs
import Spec

/// The resolved spec in a run directory.
package enum RunSpec {
  /// The spec in the directory of `run`, read by `files`, which may be confined to it.
  package static func read(_ run: RunDirectory, _ files: any FileSystem) throws -> ExperimentSpec {
    try parse(try files.contents(of: run.spec, limit: SpecFile.largest), of: run)
  }

  /// The spec in `bytes`, the content of the file of `run`.
  static func parse(_ bytes: [UInt8], of run: RunDirectory) throws(Diagnostics) -> ExperimentSpec {
    let text = try SpecFile.string(from: bytes, file: run.spec)
    return try ExperimentSpec.read(text: text, path: run.spec, language: .experiments, isRecorded: true)
  }
}
