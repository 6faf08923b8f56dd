import Basics
import Runs
import Spec

extension TrainingRun {
  /// The newest version in `folder` that has the same spec, by its hash, the same images, and began with the same weights; nil when there
  /// is none. `report` is told of each version that cannot be read.
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
      guard manifest.specHash == specHash, manifest.from?.sha256 == origin?.note.sha256 else { continue }
      let hash = try datasetHash ?? Digest.sha256(DatasetCSV.text(loadDataset().files.map(DatasetRow.init)))
      datasetHash = hash
      if manifest.datasetHash == hash { return run }
    }
    return nil
  }
}
