import Basics
import Kernels
import Runs
import Spec

/// Measures drawn images with the metrics of a spec. A row depends on the generator, the training images, the seed and the counts alone:
/// latents, patches and directions are the same each time, so rows of a run differ by what the generator has learnt.
package final class Evaluator {
  private let evaluate: EvaluateSpec
  private let dataset: Dataset
  private let seed: UInt64
  private let lanes: Lanes
  private let metrics: [any QualityMetric]

  /// The training images of the resolution evaluated last, and what they measure among themselves.
  private var floor: (reals: RealImages, values: [String: Float])?

  /// Images whose latents are in memory at a time.
  private static let imagesAtOnce = 64

  /// Evaluations of generators that were trained on `dataset`.
  package init(_ spec: ExperimentSpec, _ dataset: Dataset, lanes: Lanes) {
    (evaluate, self.dataset, seed, self.lanes) = (spec.record.evaluate, dataset, spec.seed, lanes)
    metrics = evaluate.metrics.map(QualityMetricCatalog.metric)
  }

  /// Whether the spec asks for a row about `iteration` of so many in all.
  package func isDue(_ iteration: Int, of iterations: Int) -> Bool {
    evaluate.every > 0 && (iteration % evaluate.every == 0 || iteration == iterations)
  }

  /// The row about what `sampler` draws at `moment`.
  package func row(_ moment: Schedule.Moment, _ sampler: Sampler) -> EvaluationRow {
    let (reals, floors) = floor(side: sampler.resolution)
    let drawn = draw(sampler, alpha: moment.alpha)
    let values = metrics.reduce(into: floors) { values, metric in
      values.merge(metric.values(drawn, reals)) { first, _ in first }
    }
    return EvaluationRow(
      iteration: moment.iteration, images: moment.images, phase: moment.phase.number, resolution: sampler.resolution, seed: seed,
      drawn: drawn.count, real: reals.chosen.count, values: values)
  }

  /// The training images averaged down to `side`, and what they measure among themselves: computed once a resolution.
  private func floor(side: Int) -> (reals: RealImages, values: [String: Float]) {
    if let floor, floor.reals.images.side == side { return floor }
    floor = nil  // free the old images first
    let images = ImageSet(side: dataset.resolution, pixels: dataset.pixels).pooled(to: side, on: lanes)
    let reals = RealImages(images, asked: evaluate.images, seed: seed, lanes: lanes)
    let values = metrics.reduce(into: [:]) { values, metric in values.merge(metric.floor(reals)) { first, _ in first } }
    floor = (reals, values)
    return (reals, values)
  }

  /// The images of an evaluation.
  private func draw(_ sampler: Sampler, alpha: Double) -> ImageSet {
    var stream = RandomStream(seed: seed, name: "evaluation.latents")
    let size = 3 * sampler.resolution * sampler.resolution
    let pixels = [UInt8](unsafeUninitializedCapacity: evaluate.images * size) { buffer, initialized in
      for first in stride(from: 0, to: evaluate.images, by: Self.imagesAtOnce) {
        let count = min(Self.imagesAtOnce, evaluate.images - first)
        sampler.draw(stream.normals(count * sampler.latentCount), alpha: alpha, into: buffer.baseAddress! + first * size)
      }
      initialized = evaluate.images * size
    }
    return ImageSet(side: sampler.resolution, pixels: pixels)
  }
}
