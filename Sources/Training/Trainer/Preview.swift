import Basics
import Images
import Kernels
import Models
import Runs
import Spec

/// The grids that show how training goes: the same latents again and again above, fresh ones below.
package struct Preview: Sendable {
  private let seed: UInt64
  private let count: Int
  private let side: Int

  package init(_ spec: ExperimentSpec) {
    seed = spec.seed
    count = spec.record.samples.count
    side = spec.data.resolution
  }

  /// The grid after `iteration`. What it draws depends on seed and iteration alone, not on which grids came before.
  package func grid(after iteration: Int, alpha: Double, _ sampler: Sampler) -> RGBImage {
    var fixed = RandomStream(seed: seed, name: "preview.fixed")
    var fresh = RandomStream(seed: seed, name: "preview.fresh.\(iteration)")
    // The fixed latents are clamped to [-1, 1], the calmer part of the space.
    let above = fixed.normals(count * sampler.latentCount).map { min(max($0, -1), 1) }
    let images = sampler.images(above, alpha: alpha)
    let below = sampler.images(fresh.normals(count * sampler.latentCount), alpha: alpha, from: count)
    return ImageGrid(columns: Self.columns(count), side: side).compose(fixed: images, fresh: below)
  }

  /// A grid about twice as wide as high, for two blocks of `count`.
  static func columns(_ count: Int) -> Int { count <= 8 ? count : max(8, Int(Double(count).squareRoot().rounded(.up))) }
}
