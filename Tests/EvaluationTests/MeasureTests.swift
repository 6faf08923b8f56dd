import Basics
import Foundation
import Kernels
import Runs
import Testing

@testable import Spec
@testable import Evaluation

/// Quality metrics against an independent computation, and where they must stand without one.
@Suite struct MetricsTests {
  private static var lanes: Lanes { Lanes(count: 2) }
  /// Relative, to what was computed in double precision.
  private static let tolerance = 1e-4

  private func fixture() throws -> SafetensorsFile {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
    return try SafetensorsFile(folder.appending(path: "metrics.safetensors").path, in: LocalFileSystem())
  }

  private func set(_ name: String, _ file: SafetensorsFile) throws -> ImageSet {
    ImageSet(side: 64, pixels: try file.bytes(name))
  }

  private func reals(_ images: ImageSet, asked: Int = 2048, seed: UInt64 = 1, lanes: Int = 2) -> RealImages {
    RealImages(images, side: images.side, asked: asked, seed: seed, lanes: Lanes(count: lanes))
  }

  /// What a metric measures, and its floors, by column.
  private func measured(_ metric: any QualityMetric, _ drawn: ImageSet, _ reals: RealImages) -> [String: Float] {
    let floors = metric.floor(reals).map { (Column.floor + $0.key, $0.value) }
    return metric.values(drawn, reals).merging(floors) { first, _ in first }
  }

  @Test(arguments: [4, 8, 16, 32])
  func `a metric has numbers in exactly the columns that a spec may speak of`(side: Int) {
    let images = ImageSet(side: side, pixels: (0..<4 * 3 * side * side).map { UInt8(truncatingIfNeeded: $0 &* 37 ^ ($0 >> 5)) })
    let reals = reals(images, asked: 2)
    for choice in MeasureCatalog.measures.choices {
      let metric: any QualityMetric = choice.make()
      let values = measured(metric, images, reals)
      let expected = choice.columns(resolution: 64).filter { $0.smallestSide <= side }.map(\.name)
      #expect(Set(values.keys) == Set(expected))
    }
  }

  @Test(arguments: [(0, 64), (1, 32), (2, 16)])
  func `sliced distances are those of NumPy`(index: Int, side: Int) throws {
    let file = try fixture()
    let level = LaplacianLevel(side, of: 64)
    let sets = try ["first", "second"].map { name in
      let images = try set(name, file)
      let centers = try file.bytes("centers.\(name).\(side)").map { UInt16($0) }
      return SlicedWasserstein.patches(images, level, centers: centers, perImage: 128, on: Self.lanes)
    }
    let distance = SlicedWasserstein.distance(sets[0], sets[1], directions: try file.floats("directions"), on: Self.lanes)
    let expected = Double(try file.floats("distances")[index])
    #expect(abs(1e3 * distance / expected - 1) < Self.tolerance, "\(1e3 * distance) for \(expected)")
  }

  @Test(arguments: [64, 32, 16])
  func `similarities are those of NumPy`(side: Int) throws {
    let file = try fixture()
    let whole = try [set("first", file), set("second", file)]
    // The upper left corners, one set's after the other's.
    let corners = whole.flatMap { images in
      (0..<images.count * 3 * side).flatMap { row in
        let start = (row / side * 64 + row % side) * 64
        return Array(images.pixels[start..<start + side])
      }
    }
    let count = whole[0].count
    let order = (0..<count).flatMap { [$0, count + $0] }
    let made = MultiscaleSimilarity.pairs(ImageSet(side: side, pixels: corners), order, on: Self.lanes)
    for (value, expected) in zip(made, try file.floats("similarities.\(side)")) {
      #expect(abs(value - Double(expected)) <= Self.tolerance * Double(expected), "\(value) for \(expected)")
    }
    #expect(made.count == count)
  }

  @Test func `nearest images are those of NumPy`() throws {
    let file = try fixture()
    let (first, second) = (
      try set("first", file).pooled(to: 32, on: Self.lanes), try set("second", file).pooled(to: 32, on: Self.lanes)
    )
    var search = NearestImages(of: second.choosing([0, 1, 2]))
    search.look(through: first, on: Self.lanes)
    #expect(search.found.compactMap(\.self).flatMap { [Int64($0.index), Int64($0.squares)] } == (try file.integers("nearest")))
  }

  @Test func `equal sets have no distance`() throws {
    let images = try set("first", fixture())
    let centers = [UInt16](repeating: 20, count: 2 * 3 * 5)
    let patches = SlicedWasserstein.patches(
      images.choosing([0, 1, 2]), LaplacianLevel(64, of: 64), centers: centers, perImage: 5, on: Self.lanes)
    #expect(SlicedWasserstein.distance(patches, patches, directions: try fixture().floats("directions"), on: Self.lanes) == 0)
  }

  @Test(arguments: [16, 64, 256])
  func `patches lie all over a level, and inside`(side: Int) {
    var stream = RandomStream(seed: 3, name: "test.centers")
    let centers = SlicedWasserstein.centers(images: 400, side: side, &stream)
    #expect(centers.count == 2 * 400 * 128)
    for axis in 0..<2 {
      let places = stride(from: axis, to: centers.count, by: 2).map { Int(centers[$0]) }
      // 51,200 draws miss no one of 250 places.
      #expect(Set(places) == Set(3...side - 4))
      let mean = Double(places.reduce(0, +)) / Double(places.count)
      #expect(abs(mean - Double(side - 1) / 2) < 0.01 * Double(side))
    }
  }

  /// Clouded slopes, which have something in common: noise of squares of `block` pixels over a ramp.
  private func slopes(_ count: Int, side: Int = 32, seed: UInt64, block: Int = 4) -> ImageSet {
    var stream = RandomStream(seed: seed, name: "test.slopes")
    var pixels: [UInt8] = []
    let blocks = side / block
    for _ in 0..<3 * count {
      let noise = (0..<blocks * blocks).map { _ in stream.below(128) }
      for place in 0..<side * side {
        pixels.append(UInt8(noise[place / side / block * blocks + place % side / block] + 127 * (place % side) / side))
      }
    }
    return ImageSet(side: side, pixels: pixels)
  }

  /// Random blobs: the images of one distribution.
  private func blobs(_ count: Int, side: Int = 32, seed: UInt64, size: ClosedRange<Double> = 3...9) -> ImageSet {
    var stream = RandomStream(seed: seed, name: "test.blobs")
    var pixels: [UInt8] = []
    for _ in 0..<count {
      let (x, y, r) = (stream.uniform(in: 0...Double(side)), stream.uniform(in: 0...Double(side)), stream.uniform(in: size))
      let colors = (0..<3).map { _ in (stream.below(256), stream.below(256)) }
      for channel in 0..<3 {
        for place in 0..<side * side {
          let (dx, dy) = (Double(place % side) - x, Double(place / side) - y)
          pixels.append(UInt8(dx * dx + dy * dy < r * r ? colors[channel].0 : colors[channel].1))
        }
      }
    }
    return ImageSet(side: side, pixels: pixels)
  }

  @Test func `images of the same kind stand at the floor, others above it`() throws {
    let reals = reals(slopes(120, seed: 1))
    let metric = SlicedWasserstein(.init())
    let floor = metric.floor(reals)
    let alike = metric.values(slopes(100, seed: 2), reals)
    let different = metric.values(slopes(100, seed: 3, block: 2), reals)
    for column in ["swd_16", "swd_32", "swd_mean"] {
      let (low, same, high) = (try #require(floor[column]), try #require(alike[column]), try #require(different[column]))
      #expect(low > 0 && same < 1.3 * low && high > 1.8 * low, "\(column): floor \(low), same \(same), different \(high)")
    }
    #expect(alike["count.swd"] == 60)
  }

  @Test func `a shift of all colors changes nothing, one of all places does`() throws {
    // A set is normalized by its own moments: a constant added to all its images changes nothing.
    let images = slopes(60, seed: 4)
    let dim = ImageSet(side: 32, pixels: images.pixels.map { $0 / 2 })
    let bright = ImageSet(side: 32, pixels: dim.pixels.map { $0 + 100 })
    let reals = reals(images)
    let (first, second) = (SlicedWasserstein(.init()).values(dim, reals), SlicedWasserstein(.init()).values(bright, reals))
    for column in ["swd_16", "swd_32"] {
      let (a, b) = (try #require(first[column]), try #require(second[column]))
      #expect(abs(a - b) < 1e-3 * a, "\(column): \(a) and \(b)")
    }
    // Moved images have pixels at a border where the reals have none.
    let moved = SlicedWasserstein(.init()).values(shifted(images, by: 5), reals)
    let still = SlicedWasserstein(.init()).values(images, reals)
    #expect(try #require(moved["swd_32"]) > #require(still["swd_32"]))
  }

  private func shifted(_ images: ImageSet, by pixels: Int) -> ImageSet {
    let side = images.side
    return ImageSet(
      side: side, pixels: images.pixels.indices.map { $0 % side < pixels ? 0 : images.pixels[$0 - pixels] })
  }

  @Test func `constant images give finite numbers`() throws {
    let reals = reals(blobs(40, seed: 5))
    let gray = ImageSet(side: 32, pixels: [UInt8](repeating: 128, count: 20 * 3 * 32 * 32))
    for choice in MeasureCatalog.measures.choices {
      let metric: any QualityMetric = choice.make()
      let values = metric.values(gray, reals)
      #expect(!values.isEmpty && values.values.allSatisfy(\.isFinite), "\(values)")
    }
    // One image again and again is as similar as can be, and training on constant images measures something too.
    #expect(abs(try #require(MultiscaleSimilarity(.init()).values(gray, reals)["ms_ssim"]) - 1) < 1e-5)
    let constant = self.reals(gray)
    #expect(SlicedWasserstein(.init()).floor(constant)["swd_mean"] == 0)
    #expect(SlicedWasserstein(.init()).values(gray, constant)["swd_mean"] == 0)
  }

  @Test func `similarity falls with variety`() throws {
    let reals = reals(slopes(40, seed: 6))
    let one = slopes(1, seed: 7)
    let collapsed = ImageSet(side: 32, pixels: (0..<10).flatMap { _ in one.pixels })
    let varied = try #require(MultiscaleSimilarity(.init()).values(slopes(40, seed: 8), reals)["ms_ssim"])
    let floor = try #require(MultiscaleSimilarity(.init()).floor(reals)["ms_ssim"])
    #expect(abs(try #require(MultiscaleSimilarity(.init()).values(collapsed, reals)["ms_ssim"]) - 1) < 1e-5)
    #expect(varied < 0.8 && abs(varied - floor) < 0.15, "\(varied), floor \(floor)")
  }

  @Test func `copies of training images are found, new ones are not`() throws {
    let images = blobs(50, seed: 9)
    let reals = reals(images)
    let copied = Memorisation(.init()).values(
      ImageSet(side: 32, pixels: Array(images.pixels.prefix(20 * images.imageCount))), reals)
    #expect(copied["nearest"] == 0 && copied["copies"] == 1)
    let fresh = Memorisation(.init()).values(blobs(50, seed: 10), reals)
    let floor = try #require(Memorisation(.init()).floor(reals)["nearest"])
    #expect(try #require(fresh["nearest"]) > 0.8 * floor && floor > 0)
    #expect(try #require(fresh["copies"]) < 0.7)
  }

  @Test func `what cannot be measured is left out`() {
    let none = ImageSet(side: 32, pixels: [])
    let two = reals(blobs(2, seed: 1))
    let one = reals(blobs(1, seed: 1))
    let small = reals(blobs(20, side: 8, seed: 1))
    #expect(SlicedWasserstein(.init()).values(blobs(3, seed: 2), two)["count.swd"] == 1)
    #expect(SlicedWasserstein(.init()).values(blobs(3, seed: 2), one).isEmpty && SlicedWasserstein(.init()).floor(one).isEmpty)
    #expect(
      SlicedWasserstein(.init()).values(blobs(3, side: 8, seed: 2), small).isEmpty
        && SlicedWasserstein(.init()).floor(small).isEmpty)
    #expect(
      MultiscaleSimilarity(.init()).values(blobs(3, side: 8, seed: 2), small).isEmpty
        && MultiscaleSimilarity(.init()).floor(one).isEmpty)
    #expect(MultiscaleSimilarity(.init()).values(none, two).isEmpty && SlicedWasserstein(.init()).values(none, two).isEmpty)
    #expect(Memorisation(.init()).values(none, two).isEmpty && Memorisation(.init()).floor(one).isEmpty)
    let alone = Memorisation(.init()).values(blobs(3, seed: 2), one)
    #expect(alone["nearest"] != nil && alone["copies"] == nil)
    #expect(Memorisation(.init()).values(blobs(3, side: 8, seed: 2), small)["nearest"] != nil)
  }

  @Test func `fewer images than asked for are used as they are, more are not`() {
    let images = blobs(11, seed: 1)
    #expect(reals(images, asked: 4).halves.first.count == 4 && reals(images, asked: 4).chosen.count == 4)
    let few = reals(images, asked: 100)
    #expect(few.halves.first.count == 5 && few.chosen.count == 11)
    #expect(Set(few.halves.first).isDisjoint(with: few.halves.second))
  }

  @Test(arguments: MeasureCatalog.measures.types.indices)
  func `the number of threads changes no bit`(index: Int) {
    let metric: any QualityMetric = MeasureCatalog.measures.choices[index].make()
    let (images, drawn) = (blobs(30, seed: 1), blobs(20, seed: 2))
    let single = reals(images, lanes: 1)
    for lanes in [2, 3] {
      let several = reals(images, lanes: lanes)
      #expect(metric.values(drawn, several) == metric.values(drawn, single) && metric.floor(several) == metric.floor(single))
    }
  }

  @Test(arguments: MeasureCatalog.measures.types.indices)
  func `a metric fills just its columns`(index: Int) {
    let choice = MeasureCatalog.measures.choices[index]
    let metric: any QualityMetric = choice.make()
    let reals = reals(blobs(10, seed: 1))
    let found = measured(metric, blobs(10, seed: 2), reals)
    #expect(Set(found.keys) == Set(choice.columns(resolution: 32).map(\.name)))
  }
}
