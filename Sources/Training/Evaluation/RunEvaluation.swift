import Basics
import Datasets
import Evaluation
import Kernels
import Runs
import Spec

/// The measuring of a generator that a run has left.
package struct RunEvaluation {
  /// Why the training images are not those that the run had, a sentence each.
  package let changes: [String]
  /// The measured columns, which follow on ``EvaluationColumns/places``.
  package let measured: [Column]

  private let directory: RunDirectory
  private let checkpoint: Int?
  private let spec: ExperimentSpec
  private let dataset: Dataset
  private let files: any FileSystem

  /// Reads the spec and the images of the run in `directory`. What is nil is as the run has it.
  package init(
    _ directory: RunDirectory, checkpoint: Int? = nil, images: Int? = nil, seed: UInt64? = nil, threads: Int = 1,
    _ files: any FileSystem
  ) throws {
    let run = try RecordedRun(directory, files)
    var spec = run.spec
    spec.record.evaluate.images = images ?? spec.record.evaluate.images
    spec.seed = seed ?? spec.seed
    // A run that evaluated nothing is measured by everything that its spec names.
    spec.record.evaluate.every = max(1, spec.record.evaluate.every)
    var training = TrainingRun(spec, threads: threads, in: files)
    training.imageFolder = try run.movedImages()
    dataset = try training.loadDataset()
    changes = RunChanges(run, nil, dataset).images
    measured = EvaluationColumns(spec).measured
    self.directory = directory
    self.checkpoint = checkpoint
    self.spec = spec
    self.files = files
  }

  /// All columns.
  package var columns: [Column] { EvaluationColumns.places + measured }

  /// Draws and measures.
  package func callAsFunction(on lanes: Lanes) throws -> MeasuredRow {
    let spec = spec
    let generator = try TrainedGenerator(directory, checkpoint: checkpoint, lanes: lanes, files) {
      [images = dataset.count] _, side in
      TrainingMemory(spec, threads: lanes.count, images: images).evaluation(side: side)
    }
    let row = Evaluator(spec, dataset, lanes: lanes).row(generator.moment, images: generator.imagesShown, generator.sampler)
    try dataset.check()
    return row
  }

  /// Throws, with exit code 73, unless rows can be added to the CSV file at `path`, or it is not there.
  package func checkAppending(to path: String) throws {
    do {
      try CSVLog.check(path, columns: columns.map(\.name), keep: .wholeLines, in: files)
    } catch let error as UnusableFile {
      throw Diagnostics("cannot add to '\(path)': \(error.reason)", exitCode: .cannotCreate)
    }
  }

  /// Adds `row` to the CSV file at `path`, which is begun when it is not there. Throws ``UnusableFile`` when it has other columns.
  package func append(_ row: MeasuredRow, to path: String) throws {
    let log = try ColumnLog(path, columns, keep: .wholeLines, in: files)
    try log.append(row.cells)
    try log.log.synchronize()
  }
}
