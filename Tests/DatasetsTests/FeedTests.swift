import Basics
import Foundation
import Images
import Runs
import Testing
import TestSupport

@testable import Spec
@testable import Datasets

@Suite struct FeedTests {
  /// Image i is all of gray level i, so a batch shows which images it holds.
  private func numbered(_ count: Int, side: Int = 4) -> Dataset {
    Dataset(resolution: side, pixels: (0..<count).flatMap { [UInt8](repeating: UInt8($0), count: 3 * side * side) })
  }

  private func next(_ feed: inout ImageFeed, count: Int, resolution: Int) -> [Float] {
    var batch = [Float](repeating: .nan, count: count * 3 * resolution * resolution)
    batch.withUnsafeMutableBufferPointer { feed.fill($0, resolution: resolution) }
    return batch
  }

  private func indices(_ batch: [Float], resolution: Int) -> [Int] {
    stride(from: 0, to: batch.count, by: 3 * resolution * resolution).map { Int((batch[$0] * 255).rounded()) }
  }

  @Test(arguments: [(5, 5), (7, 3), (11, 8), (3, 7), (1, 4)])
  func `each epoch is a permutation and batches run on into the next`(count: Int, batch: Int) {
    var feed = ImageFeed(numbered(count), range: 0...1, seed: 5)
    var shown: [Int] = []
    for _ in 0..<3 * count { shown += indices(next(&feed, count: batch, resolution: 4), resolution: 4) }
    var epochs: Set<[Int]> = []
    for start in stride(from: 0, to: shown.count, by: count) {
      let epoch = Array(shown[start..<start + count])
      #expect(epoch.sorted() == Array(0..<count))
      epochs.insert(epoch)
    }
    #expect(epochs.count > 1 || count == 1)
  }

  @Test func `the order follows from the seed`() {
    var first = ImageFeed(numbered(50), range: 0...1, seed: 5)
    var same = ImageFeed(numbered(50), range: 0...1, seed: 5)
    var other = ImageFeed(numbered(50), range: 0...1, seed: 6)
    let batch = next(&first, count: 50, resolution: 4)
    let (sameBatch, otherBatch) = (next(&same, count: 50, resolution: 4), next(&other, count: 50, resolution: 4))
    #expect(sameBatch == batch && otherBatch != batch)
  }

  @Test func `the order does not depend on resolution or augmentation`() {
    var plain = ImageFeed(numbered(20), range: 0...1, seed: 5)
    var augmented = ImageFeed(numbered(20), augment: [Choice(Contrast.self)], range: 0...1, seed: 5)
    for resolution in [4, 2, 1, 4] {
      let batch = next(&plain, count: 8, resolution: resolution)
      // The contrast of a plain image is 0: it stays as it is.
      let augmentedBatch = next(&augmented, count: 8, resolution: resolution)
      #expect(augmentedBatch == batch)
    }
  }

  @Test(arguments: [false, true], [1, 6, 7, 20])
  func `a restored feed continues the same`(isAugmented: Bool, batches: Int) throws {
    let augment = isAugmented ? [Choice(Contrast.self)] : []
    let dataset = randomDataset(count: 7, side: 8)
    var feed = ImageFeed(dataset, augment: augment, range: -1...1, seed: 9)
    for i in 0..<batches { _ = next(&feed, count: i % 3 + 1, resolution: i % 2 == 0 ? 4 : 8) }
    let saved = try JSONEncoder().encode(feed.state)
    var restored = ImageFeed(dataset, augment: augment, range: -1...1, seed: 9)
    let isRestored = restored.restore(try JSONDecoder().decode(FeedState.self, from: saved))
    #expect(isRestored)
    #expect(restored.state == feed.state)
    for i in 0..<12 {
      let resolution = i % 4 == 0 ? 2 : 8
      let expected = next(&feed, count: 3, resolution: resolution)
      let batch = next(&restored, count: 3, resolution: resolution)
      #expect(batch == expected)
      #expect(restored.state == feed.state)
    }
  }

  @Test func `a state of another dataset is refused`() {
    var feed = ImageFeed(numbered(4), range: 0...1, seed: 1)
    let before = feed.state
    for state in [
      FeedState(epoch: 0, cursor: 5, orderPosition: 0, augmentPosition: 0),
      FeedState(epoch: -1, cursor: 0, orderPosition: 0, augmentPosition: 0),
      FeedState(epoch: .max, cursor: 4, orderPosition: 0, augmentPosition: 0),
      FeedState(epoch: 0, cursor: 0, orderPosition: .max, augmentPosition: 0),
      FeedState(epoch: 0, cursor: 0, orderPosition: 0, augmentPosition: .max),
    ] {
      let isRestored = feed.restore(state)
      #expect(!isRestored)
      #expect(feed.state == before)
    }
  }

  @Test(arguments: [0...1, -1...1] as [ClosedRange<Float>], [12, 6, 4, 3, 2, 1])
  func `pooling averages boxes`(range: ClosedRange<Float>, resolution: Int) {
    let dataset = randomDataset(count: 1, side: 12)
    var feed = ImageFeed(dataset, range: range, seed: 1)
    let batch = next(&feed, count: 1, resolution: resolution)
    let box = 12 / resolution
    for channel in 0..<3 {
      for y in 0..<resolution {
        for x in 0..<resolution {
          var sum = 0.0
          for dy in 0..<box {
            for dx in 0..<box { sum += Double(dataset.pixels[(channel * 12 + y * box + dy) * 12 + x * box + dx]) }
          }
          let width = Double(range.upperBound - range.lowerBound)
          let expected = Double(range.lowerBound) + width * sum / Double(255 * box * box)
          let value = batch[(channel * resolution + y) * resolution + x]
          #expect(abs(Double(value) - expected) < 4e-7)  // a few roundings of numbers below 2
        }
      }
    }
  }

  @Test func `augmented images are pooled from the base resolution`() {
    let dataset = randomDataset(count: 1, side: 8)
    let augment = [Choice(Contrast.self, .init(factor: 1.75...1.75, probability: 1))]
    var feed = ImageFeed(dataset, augment: augment, range: 0...1, seed: 1)
    var image = dataset.pixels
    image.withUnsafeMutableBufferPointer { Contrast.apply(factor: 1.75, to: $0, side: 8) }
    var expected = ImageFeed(Dataset(resolution: 8, pixels: image), range: 0...1, seed: 1)
    let (batch, expectedBatch) = (next(&feed, count: 2, resolution: 2), next(&expected, count: 2, resolution: 2))
    #expect(batch == expectedBatch)
  }

  @Test(arguments: [false, true])
  func `prefetching changes nothing`(isAugmented: Bool) {
    let augment = isAugmented ? [Choice(Contrast.self)] : []
    var feed = ImageFeed(randomDataset(count: 11, side: 8), augment: augment, range: 0...1, seed: 2)
    let eager = BatchPrefetcher(feed, prefetch: true)
    let lazy = BatchPrefetcher(feed, prefetch: false)
    for i in 0..<40 {
      let (count, resolution) = i < 20 ? (4, 4) : (i % 5 + 1, i % 3 == 0 ? 8 : 2)
      let expected = next(&feed, count: count, resolution: resolution)
      for prefetcher in [eager, lazy] {
        var batch = [Float](repeating: .nan, count: expected.count)
        batch.withUnsafeMutableBufferPointer { prefetcher.next(into: $0, resolution: resolution) }
        #expect(batch == expected)
        #expect(prefetcher.state == feed.state)
      }
    }
  }

  @Test func `a prefetcher may go while its next batch is under way`() {
    let dataset = randomDataset(count: 5, side: 16)
    for round in 0..<2000 {
      let prefetcher = BatchPrefetcher(ImageFeed(dataset, range: 0...1, seed: UInt64(round)))
      var batch = [Float](repeating: .nan, count: 2 * 3 * 256)
      batch.withUnsafeMutableBufferPointer { prefetcher.next(into: $0, resolution: 16) }
      #expect(batch.allSatisfy { $0.isFinite })
    }
  }

  @Test func `a prefetcher is restored to a batch that was given out`() {
    let feed = ImageFeed(randomDataset(count: 5, side: 4), range: 0...1, seed: 2)
    let prefetcher = BatchPrefetcher(feed)
    func next() -> [Float] {
      var batch = [Float](repeating: .nan, count: 2 * 48)
      batch.withUnsafeMutableBufferPointer { prefetcher.next(into: $0, resolution: 4) }
      return batch
    }
    _ = next()
    let state = prefetcher.state
    let expected = [next(), next(), next()]
    #expect(prefetcher.restore(state))
    #expect([next(), next(), next()] == expected)
    #expect(!prefetcher.restore(FeedState(epoch: 0, cursor: 99, orderPosition: 0, augmentPosition: 0)))
  }

  @Test func `loading does not depend on the number of threads`() throws {
    let folder = try TemporaryFolder()
    for i in 0..<9 {
      if i % 4 == 1 {
        try folder.write("\(i).png", [1])
      } else {
        try folder.writeImage("\(i).png", width: 5 + i, height: 9, seed: UInt64(i))
      }
    }
    let spec = dataSpec(folder.path, resolution: 4, fit: .crop)
    let single = try Dataset.load(spec, needed: 7)
    for threads in [2, 3, 16] {
      let several = try Dataset.load(spec, needed: 7, threads: threads)
      #expect(several.pixels == single.pixels && several.files == single.files)
    }
    #expect(single.count == 7)
    let last = RGBImage(width: 13, height: 9, pixels: randomSamples(13 * 9 * 3, seed: 8))
    let expected = planar(Resample.square(last, side: 4, fit: .crop).pixels)
    #expect(single.withImage(6) { Array($0) } == expected)
  }
}
