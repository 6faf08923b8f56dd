import Images

/// Mean, deviation, median, mode, minimum and maximum of some images at each pixel and channel.
///
/// All six follow exactly from the number of images at each level, which is counted for a band of rows at a time: memory does not
/// grow with the number of images.
package struct PixelStatistics: Sendable {
  /// The six figures, each of which is a picture.
  package enum Kind: String, CaseIterable, Sendable { case mean, deviation, median, mode, minimum, maximum }

  /// Figures of a channel over all pixels of all images.
  package struct Channel: Equatable, Sendable {
    package let name: String
    let figures: LevelFigures

    /// The figure of one kind.
    package subscript(kind: Kind) -> Double { figures[kind] }
  }

  /// Side in pixels.
  package let side: Int
  /// Images that were counted.
  package let count: Int
  /// A picture of each kind, every sample rounded to nearest, ties to even.
  package let pictures: [Kind: RGBImage]
  /// Red, green and blue.
  package let channels: [Channel]

  /// Bytes of counts that are in memory at a time: one pass over the images up to a side of 295, four at 512.
  private static let countBytes = 256 << 20
  /// Images in memory at a time, for each thread.
  private static let imagesPerThread = 8

  /// The statistics of `count` > 0 images, `image(number)` being `[side, side, 3]`; it is asked once for each band, from several
  /// threads at a time. The outcome does not depend on `threads`. Throws what `image` throws, for the first such image.
  package init(
    side: Int, count: Int, threads: Int, countBytes: Int = countBytes,
    image: @escaping @Sendable (Int) -> Result<RGBImage, any Error>
  ) throws {
    precondition(side > 0 && count > 0, "statistics of \(count) images of side \(side)")
    let width = 3 * side
    var pixels = Dictionary(uniqueKeysWithValues: Kind.allCases.map { ($0, [UInt8](repeating: 0, count: side * width)) })
    var totals = [UInt64](repeating: 0, count: 3 * 256)
    let rows = max(1, min(side, countBytes / (width * 256 * MemoryLayout<UInt32>.stride)))
    for top in stride(from: 0, to: side, by: rows) {
      let samples = top * width..<min(top + rows, side) * width
      let counts = try Self.counts(samples, count: count, threads: threads, image)
      counts.withUnsafeBufferPointer { counts in
        for (index, sample) in samples.enumerated() {
          let levels = UnsafeBufferPointer(rebasing: counts[index * 256..<(index + 1) * 256])
          let figures = LevelFigures(levels)
          for kind in Kind.allCases { pixels[kind]![sample] = UInt8(figures[kind].rounded(.toNearestOrEven)) }
          for level in 0..<256 { totals[sample % 3 * 256 + level] += UInt64(levels[level]) }
        }
      }
    }
    self.side = side
    self.count = count
    pictures = pixels.mapValues { RGBImage(width: side, height: side, pixels: $0) }
    channels = ["red", "green", "blue"].enumerated().map { channel, name in
      totals.withUnsafeBufferPointer { totals in
        Channel(name: name, figures: LevelFigures(UnsafeBufferPointer(rebasing: totals[channel * 256..<(channel + 1) * 256])))
      }
    }
  }

  /// `[samples, 256]`: how many of the images have each level. Images are made a few at a time, then each thread counts a share
  /// of the samples.
  private static func counts(
    _ samples: Range<Int>, count: Int, threads: Int, _ image: @escaping @Sendable (Int) -> Result<RGBImage, any Error>
  ) throws -> [UInt32] {
    var counts = [UInt32](repeating: 0, count: samples.count * 256)
    let batch = max(1, threads) * imagesPerThread
    for first in stride(from: 0, to: count, by: batch) {
      let images = try Parallel.map(min(batch, count - first), threads: threads) { image(first + $0) }.map { try $0.get().pixels }
      counts.withUnsafeMutableBufferPointer { counts in
        // Safe: worker w counts only the samples w * share ..< (w + 1) * share.
        nonisolated(unsafe) let counts = counts
        let share = (samples.count + max(1, threads) - 1) / max(1, threads)
        _ = Parallel.map(max(1, threads), threads: threads) { worker in
          let end = min((worker + 1) * share, samples.count)
          for pixels in images {
            for index in min(worker * share, end)..<end { counts[index * 256 + Int(pixels[samples.lowerBound + index])] += 1 }
          }
        }
      }
    }
    return counts
  }
}
