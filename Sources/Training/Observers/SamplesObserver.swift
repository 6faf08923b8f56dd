import Basics
import Images
import Runs

/// Writes `samples/000500.png` and so on.
package final class SamplesObserver: TrainingObserver {
  private let run: RunDirectory
  private let files: any FileSystem
  private let preview: Preview
  private let log: (String) -> Void

  package init(_ run: RunDirectory, _ preview: Preview, in files: any FileSystem, log: @escaping (String) -> Void) {
    self.run = run
    self.preview = preview
    self.files = files
    self.log = log
  }

  package func receive(_ event: TrainingEvent, _ trainer: Trainer) throws {
    guard case .iterated(let moment, let row, _) = event, trainer.nonFinite(row) == nil else { return }
    guard moment.iteration % trainer.spec.record.samples.every == 0 || moment.iteration == trainer.schedule.iterations else {
      return
    }
    let (sampler, alpha) = try trainer.sampler()
    let path = run.sample(moment.iteration)
    try files.createDirectories(run.samples)
    try AtomicFile.write(PNG.encode(preview.grid(after: moment.iteration, alpha: alpha, sampler)), to: path, in: files)
    log("samples: \(path)")
  }
}
