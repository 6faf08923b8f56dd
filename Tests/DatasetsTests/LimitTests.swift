import Basics
import Foundation
import Images
import Runs
import TestSupport
import Testing

@testable import Datasets
@testable import Spec

@Suite struct LimitTests {
  private func files(_ count: Int) -> [ImageFile] { (0..<count).map { ImageFile(path: String(format: "%04d.png", $0)) } }

  private func chosen(_ count: Int, of files: [ImageFile], seed: UInt64? = nil, broken: [String] = []) -> [String] {
    var (spec, files) = (DataSpec(folder: "", path: "", resolution: 4), files)
    (spec.limit, spec.limitSeed) = (count, seed)
    ImageLimit(spec)!.apply(to: &files, broken: Set(broken.map { ByteText($0) }))
    return files.filter { $0.skipReason == nil }.map(\.path)
  }

  @Test(arguments: [2, 7, 100, 640, 700]) func `so many images stay, the same each time, others for another seed`(count: Int) {
    let all = files(641)
    let some = chosen(count, of: all)
    #expect(some.count == min(count, 641) && chosen(count, of: all) == some && chosen(count, of: all, seed: 0) == some)
    #expect((chosen(count, of: all, seed: 1) == some) == (count >= 641))
    // More of them have the fewer among them.
    #expect(Set(chosen(2, of: all)).isSubset(of: some))
  }

  @Test func `another takes the place of one that cannot be used, and what is left out already is no candidate`() {
    var all = files(50)
    let some = chosen(10, of: all)
    let others = chosen(11, of: all, broken: [some[3]]).filter { $0 != some[3] }
    #expect(others.count == 11 && Set(some).subtracting([some[3]]).isSubset(of: others))
    all[5].skipReason = .folder
    #expect(!chosen(49, of: all).contains("0005.png") && chosen(49, of: all).count == 49)
  }

  /// Twelve images, two damaged ones, and a sheet that this program drew.
  private func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for number in 0..<12 { try folder.writeImage("\(number).png", width: 9, height: 9, seed: UInt64(number)) }
    for name in ["3a.png", "z.png"] { try folder.write(name, [1, 2, 3]) }
    let picture = PNG.encode(RGBImage(width: 8, height: 8, gray: 9))
    let sheet = PNG.adding(OutputMark.pictureTexts("dataset preview", version: "1"), to: picture)
    try folder.write("0a.png", sheet)
    return folder
  }

  private func load(
    _ folder: TemporaryFolder, _ limit: Int?, seed: UInt64? = nil, threads: Int = 1, cache: ImageCache? = nil
  ) throws -> Dataset {
    var spec = dataSpec(folder.path, resolution: 8)
    (spec.limit, spec.limitSeed) = (limit, seed)
    return try Dataset.load(spec, needed: 1, threads: threads, cache: cache)
  }

  @Test(arguments: 0..<20 as Range<UInt64>) func `which images those are depends on neither cache nor threads`(seed: UInt64) throws
  {
    let (folder, place) = (try folder(), try TemporaryFolder())
    let cache = ImageCache(folder: place.path + "/fadein/images")
    let limit = 2 + Int(seed % 11)
    let plain = try load(folder, limit, seed: seed)
    #expect(plain.count == limit && plain.files.count == 15)
    // What is damaged among those that are left out is not known.
    let notices = [
      "\(limit) of 12 images (data.limit)", "\(limit) of 13 images (data.limit)", "\(limit) of 14 images (data.limit)",
    ]
    #expect(plain.notices.count <= 1 && Set(plain.notices).isSubset(of: notices), "\(plain.notices)")
    for other in [
      try load(folder, limit, seed: seed, threads: 3), try load(folder, limit, seed: seed, cache: cache),
      try load(folder, limit, seed: seed, threads: 3, cache: cache),
    ] {
      #expect(other.files == plain.files && other.pixels == plain.pixels && other.notices == plain.notices)
    }
  }

  @Test func `a folder with fewer says so`() throws {
    let folder = try folder()
    #expect(try load(folder, 12).count == 12)
    let error = try #require(throws: DatasetError.self) { try load(folder, 13) }
    #expect(error.message == "'\(folder.path)' has 12 usable PNG images, data.limit is 13" && error.exitCode == .badData)
  }

  @Test func `without a limit all stay`() { #expect(ImageLimit(DataSpec(folder: "", path: "", resolution: 4)) == nil) }
}
