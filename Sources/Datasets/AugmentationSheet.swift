import Basics
import Images
import Runs
import Spec

/// A picture of what augmentation does: in each row an original, and beside it what training might show of it.
package struct AugmentationSheet {
  /// White pixels between an original and its variants.
  private static let gutter = 12

  private let dataset: Dataset
  private let augmentations: [any Augmentation]
  private let seed: UInt64
  private let change: ((UnsafeMutableBufferPointer<UInt8>) -> Void)?

  /// The sheet of `dataset` and what `augment` declares; `seed` chooses images and changes.
  ///
  /// - Parameter change: what happens to the samples of an image after that.
  package init(
    _ dataset: Dataset, _ augment: [Choice], seed: UInt64, then change: ((UnsafeMutableBufferPointer<UInt8>) -> Void)? = nil
  ) {
    precondition(dataset.count > 0, "a sheet needs an image")
    self.dataset = dataset
    self.seed = seed
    self.change = change
    augmentations = augment.map { $0.make() }
  }

  /// The sheet of `count` different images, or all if there are fewer, in the dataset's order, with `variants` of each. Images
  /// smaller than `side` are enlarged by a whole factor.
  package func image(count: Int, variants: Int, side: Int) -> RGBImage {
    precondition(count > 0 && variants > 0, "a sheet of \(count) x \(variants)")
    var (choice, changes) = (RandomStream(seed: seed, name: "preview.images"), RandomStream(seed: seed, name: "preview.augment"))
    let chosen = choice.permutation(of: dataset.count).prefix(count).sorted()
    let originals = ImageGrid(columns: 1, side: side).compose(fixed: chosen.map(original))
    let changed = ImageGrid(columns: variants, side: side).compose(
      fixed: chosen.flatMap { index in (0..<variants).map { _ in variant(index, &changes) } })
    var sheet = RGBImage(
      width: originals.width + Self.gutter - 2 * ImageGrid.gutter + changed.width, height: originals.height, gray: 255)
    sheet.draw(originals, x: 0, y: 0)
    sheet.draw(changed, x: sheet.width - changed.width, y: 0)
    return sheet
  }

  private func original(_ index: Int) -> RGBImage { dataset.withImage(index) { image($0) } }

  private func variant(_ index: Int, _ stream: inout RandomStream) -> RGBImage {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: dataset.imageCount) { samples in
      dataset.withImage(index) { _ = samples.update(fromContentsOf: $0) }
      for augmentation in augmentations { augmentation.apply(to: samples, side: dataset.resolution, stream: &stream) }
      change?(samples)
      return image(UnsafeBufferPointer(samples))
    }
  }

  /// The image of planar samples.
  private func image(_ samples: UnsafeBufferPointer<UInt8>) -> RGBImage {
    let plane = dataset.resolution * dataset.resolution
    let pixels = [UInt8](unsafeUninitializedCapacity: 3 * plane) { pixels, count in
      for i in 0..<3 * plane { pixels[i] = samples[i % 3 * plane + i / 3] }
      count = 3 * plane
    }
    return RGBImage(width: dataset.resolution, height: dataset.resolution, pixels: pixels)
  }
}
