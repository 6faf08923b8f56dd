import Basics
import Models
import Runs
import Spec

extension TrainingRun {
  /// The newest version in `folder` that has the same spec, by its hash, the same images, and began with the same weights; nil when there
  /// is none. One that was told to train on longer has the same spec. `report` is told of each version that cannot be read.
  package func twin(in folder: String, specHash: String, origin: Origin?, _ report: (String) -> Void) throws -> RunDirectory? {
    // Read when it is needed first: a folder without such a version needs no images here.
    var datasetHash: String?
    for version in try files.list(folder).compactMap({ RunVersion(folder: $0) }).sorted(by: >) {
      let run = RunDirectory(Path.join(folder, version.description))
      let manifest: Manifest
      do {
        let files = try files.confined(to: run.path)
        guard try files.status(of: run.manifest) != nil else { continue }
        manifest = try Manifest(run, files)
      } catch {
        report("\((error as? any UserFacingError)?.diagnostics.items[0].message ?? "\(error)")")
        continue
      }
      guard manifest.from?.sha256 == origin?.note.sha256 else { continue }
      guard try manifest.specHash == specHash || hasLongerSchedule(run) else { continue }
      let hash = try datasetHash ?? Digest.sha256(DatasetCSV.text(loadDataset().files.map(DatasetRow.init)))
      datasetHash = hash
      if manifest.datasetHash == hash { return run }
    }
    return nil
  }

  /// Whether `run` differs from this training only in a later end.
  private func hasLongerSchedule(_ run: RunDirectory) throws -> Bool {
    let end = Schedule(spec).iterations
    guard let recorded = try? RecordedRun(run, files), recorded.manifest.iterations > end,
      let cut = try? recorded.spec.ending(at: end)
    else { return false }
    return cut.yaml == yaml
  }
}
