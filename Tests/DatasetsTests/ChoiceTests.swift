import Basics
import Foundation
import Images
import Inspection
import Runs
import Testing
import TestSupport

@testable import Spec
@testable import Datasets

/// A spec means what it says: its rules about images hold wherever the images are loaded.
@Suite struct ChoiceTests {
  private let folder: TemporaryFolder
  private let place: TemporaryFolder

  /// Nine images: three different ones, two nearly equal to the first, two copies, a small one, a damaged one.
  init() throws {
    folder = try TemporaryFolder()
    place = try TemporaryFolder()
    for number in 0..<3 { try folder.writeImage("image-\(number).png", width: 64, height: 64, seed: UInt64(number)) }
    for number in 1...2 {
      var pixels = randomSamples(64 * 64 * 3, seed: 0)
      pixels[number * 999] ^= 0xff
      try folder.write("like-\(number).png", PNG.encode(RGBImage(width: 64, height: 64, pixels: pixels)))
    }
    try folder.writeImage("copy.png", width: 64, height: 64, seed: 1)
    try folder.writeImage("sub/copy.png", width: 64, height: 64, seed: 1)
    try folder.writeImage("small.png", width: 64, height: 15, seed: 7)
    try folder.write("damaged.png", [1, 2, 3])
  }

  private func spec(distance: Double? = nil, keep: Int = 1, minimumSide: Int = 1) -> DataSpec {
    var spec = dataSpec(folder.path, resolution: 16)
    spec.minimumSide = minimumSide
    guard let distance else { return spec }
    var rules = NearDuplicatesSpec()
    rules.distance = distance
    rules.keep = keep
    spec.nearDuplicates = rules
    return spec
  }

  private var cache: ImageCache { ImageCache(folder: place.path + "/fadein/images") }

  private func used(_ dataset: Dataset) -> [String] { dataset.files.filter { $0.skipReason == nil }.map(\.path) }

  @Test(arguments: [(8.0, 1, 1), (8.0, 2, 1), (0.0, 4, 16), (8.0, 4, 16), (1000.0, 1, 64)])
  func `a run takes what would be prepared`(
    distance: Double, keep: Int, minimumSide: Int
  ) throws {
    let spec = spec(distance: distance, keep: keep, minimumSide: minimumSide)
    let found = try ImageFolder(path: folder.path)
    let selection = Selection(
      found.files.map { SurveyedFile(path: $0.path) }, in: folder.path,
      rules: Selection.Rules(minimumSide: minimumSide, distance: distance, keep: keep), threads: 2)
    let expected = selection.kept.map { selection.files[$0].path }
    let plain = try Dataset.load(spec, needed: 1)
    #expect(used(plain) == expected)
    for threads in [1, 3] {
      let cache = cache
      let cached = try Dataset.load(spec, needed: 1, threads: threads, cache: cache)
      #expect(cached.files.map(\.path) == plain.files.map(\.path))
      #expect(cached.files.map(\.skipReason) == plain.files.map(\.skipReason))
      #expect(cached.pixels == plain.pixels && cached.notices == plain.notices)
      #expect(cache.takeNotices() == [])
    }
    for (file, reason) in zip(plain.files, selection.reasons) {
      if file.path == "damaged.png" { continue }
      #expect(file.skipReason?.description == reason?.description, "\(file.path)")
    }
  }

  @Test func `a minimum side alone leaves copies where they are, and no rule leaves all`() throws {
    #expect(used(try Dataset.load(spec(minimumSide: 16), needed: 1)).count == 7)
    let all = try Dataset.load(spec(), needed: 1)
    #expect(used(all).count == 8 && all.notices == [])
    let dataset = try Dataset.load(spec(minimumSide: 16), needed: 1)
    #expect(dataset.notices == ["1 left out by the spec: smaller than data.minimum_side"])
    #expect(dataset.files.first { $0.path == "small.png" }?.skipReason?.description == "64x15, smaller than 16")
  }

  @Test func `too few images count the rules among the reasons`() throws {
    let error = #expect(throws: DatasetError.self) { try Dataset.load(spec(distance: 8, minimumSide: 16), needed: 4, cache: cache) }
    #expect(
      error?.notes == [
        "4 skipped: copies and look-alikes of others (first: image-1.png)", "1 skipped: not a PNG (damaged.png)",
        "1 skipped: smaller than data.minimum_side (small.png)",
      ])
  }

  @Test func `a choice is kept for its images and rules only, and a damaged one is found again`() throws {
    func load(_ spec: DataSpec) throws -> [String] { used(try Dataset.load(spec, needed: 1, cache: cache)) }
    func choices() throws -> [String] {
      try LocalFileSystem().list(place.path + "/fadein/images").filter { $0.hasSuffix(".choice") }
    }
    let first = try load(spec(distance: 8))
    #expect(try choices().count == 1)
    #expect(try load(spec(distance: 8)) == first)
    #expect(try choices().count == 1)
    #expect(try load(spec(distance: 8, keep: 2)).count > first.count)
    #expect(try choices().count == 2)
    for name in try choices() {
      let path = place.path + "/fadein/images/" + name
      let bytes = try LocalFileSystem().contents(of: path, limit: 1 << 20)
      for place in stride(from: 0, to: bytes.count, by: 7) {
        var bad = bytes
        bad[place] ^= 1
        try Data(bad).write(to: URL(filePath: path))
        #expect(try load(spec(distance: 8)) == first)
      }
    }
    try folder.writeImage("image-0.png", width: 64, height: 64, seed: 50)
    #expect(try load(spec(distance: 8)) != first)
  }
}
