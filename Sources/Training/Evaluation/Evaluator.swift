import Basics
import Datasets
import Evaluation
import Kernels
import Runs
import Spec

/// Measures drawn images with the metrics of a spec. A row depends on the generator, the training images, the seed and the counts alone:
/// latents, patches and directions are the same each time, so rows of a run differ by what the generator has learned.
package final class Evaluator {
  private let evaluate: EvaluateSpec
  private let dataset: Dataset
  private let seed: UInt64
  private let lanes: Lanes
  private let metrics: [any QualityMetric]
  private let columns: [Column]

  /// What training images measure among themselves at the resolution evaluated last.
  private var floor: (side: Int, values: [String: Float])?

  /// Images that are drawn and measured at a time: even, since neighbors are compared.
  private static let imagesAtOnce = 64

  /// Evaluations of generators that were trained on `dataset`.
  package init(_ spec: ExperimentSpec, _ dataset: Dataset, lanes: Lanes) {
    evaluate = spec.record.evaluate
    self.dataset = dataset
    seed = spec.seed
    self.lanes = lanes
    metrics = evaluate.metrics.map { $0.make() }
    columns = EvaluationColumns(spec).measured
  }

  /// Whether the spec asks for a row at `moment`: on its cadence, and at the end of each phase, where trials of a sweep meet.
  package func isDue(_ moment: Schedule.Moment) -> Bool {
    evaluate.every > 0 && (moment.iteration % evaluate.every == 0 || moment.iteration == moment.phase.lastIteration)
  }

  /// The row about what `sampler` draws at `moment`, when a training has shown so many real `images`.
  package func row(_ moment: Schedule.Moment, images: Int, _ sampler: Sampler) -> MeasuredRow {
    let reals = RealImages(ImageSet(dataset), side: sampler.resolution, asked: evaluate.images, seed: seed, lanes: lanes)
    var measurements = metrics.map { $0.measurement(reals) }
    draw(sampler, alpha: moment.alpha) { images in
      for index in measurements.indices { measurements[index].add(images) }
    }
    let values = measurements.reduce(into: floor(reals)) { values, measurement in
      values.merge(measurement.values()) { first, _ in first }
    }
    var row = MeasuredRow(iteration: moment.iteration, images: images, phase: moment.phase.number, resolution: sampler.resolution)
    row.cells[.seed] = .text(String(seed))
    row.cells[.drawn] = .integer(evaluate.images)
    row.cells[.real] = .integer(reals.chosen.count)
    for column in columns { row[column] = values[column.name] }
    return row
  }

  /// The same row, or nil when it was left because `isLeft` said so, which is asked again and again.
  package func row(
    _ moment: Schedule.Moment, images: Int, _ sampler: Sampler, until isLeft: @escaping () -> Bool
  ) -> MeasuredRow? {
    lanes.run(until: isLeft) { row(moment, images: images, sampler) }
  }

  /// What `reals` measure among themselves: computed once a resolution.
  private func floor(_ reals: RealImages) -> [String: Float] {
    if let floor, floor.side == reals.side { return floor.values }
    var values: [String: Float] = [:]
    for (name, value) in metrics.flatMap({ $0.floor(reals) }) { values[Column.floor + name] = value }
    if !lanes.isLeft { floor = (reals.side, values) }
    return values
  }

  /// Calls `take` with the images of an evaluation, a portion at a time.
  private func draw(_ sampler: Sampler, alpha: Double, _ take: (ImageSet) -> Void) {
    var stream = RandomStream(seed: seed, name: "evaluation.latents")
    let size = 3 * sampler.resolution * sampler.resolution
    for first in stride(from: 0, to: evaluate.images, by: Self.imagesAtOnce) where !lanes.isLeft {
      let count = min(Self.imagesAtOnce, evaluate.images - first)
      let latents = stream.normals(count * sampler.latentCount)
      let pixels = [UInt8](unsafeUninitializedCapacity: count * size) { buffer, initialized in
        sampler.draw(latents, alpha: alpha, from: first, into: buffer.baseAddress!)
        initialized = count * size
      }
      take(ImageSet(side: sampler.resolution, pixels: pixels))
    }
  }
}
