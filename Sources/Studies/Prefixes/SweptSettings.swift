import Basics
import Runs
import Spec
import Training

/// Whether what stands in the place of a run of a sweep is that run: folders can be exchanged, and files in them.
extension Study {
  /// What some trials share was trained with other settings than theirs.
  struct OtherBeginning: UserFacingError, Equatable {
    /// The folder of the run, and the file in it that tells.
    let run: String
    let path: String
    var exitCode: ExitCode { .badData }
    var description: String {
      "'\(run.printable)' is not what its trials share: '\(path.printable)' is of other settings than the sweep's"
    }
    var diagnostics: Diagnostics {
      let note = "put the folder back, or move it elsewhere to have it trained anew, and run the sweep again"
      return Diagnostics(description, note: note, exitCode: exitCode)
    }
  }

  /// Throws ``OtherBeginning`` when the run of `prefix` was begun, and is not of the settings that its trials share.
  func requireOwn(_ prefix: Prefix) throws {
    let run = directory.prefix(prefix.name)
    guard try files.status(of: run.manifest) != nil,
      let trial = try table().trials.first(where: { $0.number == prefix.trials.first }),
      let path = try stranger(in: run, to: source.experiment(of: trial))
    else { return }
    throw OtherBeginning(run: run.path, path: path)
  }

  /// The file in the folder of `run` that says that it is of other settings than `spec`; nil when there is none. Where the images are
  /// is no setting: the folder may have come from anybody, or have been moved together with them.
  func stranger(in run: RunDirectory, to spec: ExperimentSpec) throws -> String? {
    func isOwn(_ other: ExperimentSpec) -> Bool {
      var other = other
      (other.data.folder, other.data.path) = (spec.data.folder, spec.data.path)
      return other.yaml == spec.yaml
    }
    guard isOwn(try RecordedRun(run, files).spec) else { return run.spec }
    let store = CheckpointStore(run.checkpoints, keep: 1, in: files)
    return try store.iterations().first { iteration in
      let text: String?
      do {
        text = try store.metadata(iteration)?["spec"]
      } catch let error as FileError where error.isNotFound {
        // Whoever trains it removes old ones.
        return false
      }
      guard let text else { return false }
      let recorded = try? ExperimentSpec.read(
        text: text, path: store.path(iteration), language: .experiments, isRecorded: true)
      return recorded.map(isOwn) != true
    }.map(store.path)
  }
}
