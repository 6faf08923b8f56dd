import Basics
import Foundation
import Runs
import Spec
import Training

extension SweepImages {
  /// The runs of a sweep were not made with the images that are listed.
  package struct Disagreement: UserFacingError, Equatable {
    /// The list and the folder of the run.
    package let list: String
    package let run: String
    package var exitCode: ExitCode { .badData }
    package var description: String { "'\(run.printable)' was trained on other images than '\(list.printable)' lists" }
    package var diagnostics: Diagnostics {
      let note =
        "all trials of a sweep are trained on the same images: put the file back, or begin anew with 'fadein sweep FILE --new'"
      return Diagnostics(description, note: note, exitCode: exitCode)
    }
  }
}

/// Whether what a sweep's tables say of its runs is so.
extension Study {
  /// Throws ``SweepImages/Disagreement`` when `run`, which is of `spec`, was begun with other images than those that were fixed.
  func requireListed(_ run: RunDirectory, _ spec: ExperimentSpec) throws {
    let use = SweepImages.Use(spec, sweep)
    guard let digest = try digest(of: use) else { return }
    try requireListed(run, use, digest)
  }

  private func requireListed(_ run: RunDirectory, _ use: SweepImages.Use, _ digest: String) throws {
    guard let hash = try Manifest(run, files).datasetHash, hash != digest else { return }
    throw SweepImages.Disagreement(list: use.path(in: directory), run: run.path)
  }

  /// Throws when what the table says of trials is not so: ``MissingRun`` where one has its result and no run, and
  /// ``SweepImages/Disagreement`` where a run was made with other images than those that were fixed.
  package func requireRuns() throws {
    let isAblation = !sweep.ablate.isEmpty && sweep.changedPaths.contains(where: SweepImages.isAboutImages)
    let swept = sweep.paths.indices.filter { isAblation || SweepImages.isAboutImages(sweep.paths[$0]) }
    var known: [[String]: (use: SweepImages.Use, digest: String?)] = [:]
    for trial in try table().trials {
      let run = directory.run(trial)
      guard try files.status(of: run.manifest) != nil else {
        guard [.finished, .stopped].contains(trial.status) else { continue }
        throw MissingRun(table: directory.table, trial: trial, run: run.path)
      }
      let values = swept.map { trial.values[$0] }
      if known[values] == nil {
        let use = SweepImages.Use(try source.experiment(of: trial), sweep)
        known[values] = (use, try digest(of: use))
      }
      if let (use, digest) = known[values], let digest { try requireListed(run, use, digest) }
    }
  }

  /// The table has a result of a trial whose run is not there.
  package struct MissingRun: UserFacingError, Equatable {
    package let table: String
    package let trial: Trial
    package let run: String
    package var exitCode: ExitCode { .badData }
    package var description: String {
      "'\(table.printable)' says that trial \(trial.number) is \(trial.status.rawValue), and '\(run.printable)' has no run.json"
    }
    package var diagnostics: Diagnostics {
      let note = "put the folder back; where it was never trained, write 'waiting' into that row, and run the sweep again"
      return Diagnostics(description, note: note, exitCode: exitCode)
    }
  }
}
