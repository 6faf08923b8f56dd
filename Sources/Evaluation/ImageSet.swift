import Datasets

/// Square images with 8 bits a sample, all of one side: in memory, or some of a dataset's where they are.
package struct ImageSet: Sendable {
  /// Side in pixels.
  package let side: Int
  package let count: Int

  private enum Source {
    /// `[count, 3, side, side]`.
    case pixels([UInt8])
    case dataset(Dataset)
  }

  private let source: Source
  /// The images' numbers in the source; nil: all of them in their order.
  private let numbers: [Int]?

  /// The images in `pixels`, `[count, 3, side, side]`.
  package init(side: Int, pixels: [UInt8]) {
    precondition(side > 0 && pixels.count % (3 * side * side) == 0, "\(pixels.count) samples at side \(side)")
    self.side = side
    source = .pixels(pixels)
    numbers = nil
    count = pixels.count / (3 * side * side)
  }

  /// All images of `dataset`, without augmentation.
  package init(_ dataset: Dataset) {
    (side, source, numbers, count) = (dataset.resolution, .dataset(dataset), nil, dataset.count)
  }

  private init(_ all: ImageSet, numbers: [Int]) {
    side = all.side
    source = all.source
    self.numbers = numbers
    count = numbers.count
  }

  /// Samples of one image.
  package var imageCount: Int { 3 * side * side }

  /// The images with these numbers, in this order.
  package func choosing(_ chosen: [Int]) -> ImageSet {
    precondition(chosen.allSatisfy { $0 >= 0 && $0 < count }, "images out of \(count)")
    return ImageSet(self, numbers: numbers.map { numbers in chosen.map { numbers[$0] } } ?? chosen)
  }

  /// Calls `body` with the samples of image `index`, `[3, side, side]`.
  package func withImage<Result>(_ index: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result {
    precondition(index >= 0 && index < count, "image \(index) of \(count)")
    let number = numbers?[index] ?? index
    switch source {
    case .pixels(let pixels):
      return try pixels.withUnsafeBufferPointer {
        try body(UnsafeBufferPointer(rebasing: $0[number * imageCount..<(number + 1) * imageCount]))
      }
    case .dataset(let dataset): return try dataset.withImage(number, body)
    }
  }

  /// The samples of all images in turn, `[count, 3, side, side]`: without a copy where they are in memory that way.
  package var pixels: [UInt8] {
    if case .pixels(let pixels) = source, numbers == nil { return pixels }
    return [UInt8](unsafeUninitializedCapacity: count * imageCount) { buffer, initialized in
      for index in 0..<count {
        withImage(index) { _ = UnsafeMutableBufferPointer(rebasing: buffer[(index * imageCount)...]).update(fromContentsOf: $0) }
      }
      initialized = count * imageCount
    }
  }
}
