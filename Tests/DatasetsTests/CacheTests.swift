import Basics
import Foundation
import Images
import Runs
import Testing
import TestSupport

@testable import Spec
@testable import Datasets

/// Laws of the cache: it changes nothing but time, and nothing that is done to it ends a training.
@Suite struct CacheTests {
  private let folder: TemporaryFolder
  private let place: TemporaryFolder
  private let spec: DataSpec

  /// A folder of seven images, two of them no images and one left out.
  init() throws {
    folder = try TemporaryFolder()
    place = try TemporaryFolder()
    for i in 0..<7 { try folder.writeImage("\(i).png", width: 9 + i, height: 12, seed: UInt64(i)) }
    try folder.write("3b.png", [1, 2, 3])
    try folder.write("9.png", PNG.encode(RGBImage(width: 5, height: 3, gray: 7)).dropLast(20))
    try folder.writeImage("left-out.png")
    spec = dataSpec(folder.path, resolution: 16, fit: .crop, exclude: ["left*"])
  }

  private var cache: ImageCache { ImageCache(folder: place.path + "/fadein/images") }

  private func names() throws -> [String] { try LocalFileSystem().list(place.path + "/fadein/images") }

  private func path(_ side: Int) throws -> String {
    place.path + "/fadein/images/" + (try #require(try names().first { $0.hasSuffix("-\(side).pack") }))
  }

  /// Batches of every resolution, across epochs.
  private func batches(_ dataset: Dataset, augment: [Choice] = []) -> [[Float]] {
    var feed = ImageFeed(dataset, augment: augment, range: -1...1, seed: 3)
    return [4, 8, 16, 8, 4].flatMap { side in
      (0..<3).map { _ in
        var batch = [Float](repeating: .nan, count: 4 * 3 * side * side)
        batch.withUnsafeMutableBufferPointer { feed.fill($0, resolution: side) }
        return batch
      }
    }
  }

  /// Whether `dataset` is to the last bit what is loaded without a cache.
  private func expectEqual(_ dataset: Dataset, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let plain = try Dataset.load(spec, needed: 0)
    #expect(dataset.files == plain.files, sourceLocation: sourceLocation)
    #expect(dataset.count == 7 && dataset.pixels == plain.pixels, sourceLocation: sourceLocation)
    let augment = [Choice(Contrast.self), Choice(Translation.self)]
    #expect(batches(dataset) == batches(plain), sourceLocation: sourceLocation)
    #expect(batches(dataset, augment: augment) == batches(plain, augment: augment), sourceLocation: sourceLocation)
  }

  @Test func `it changes no bit when it is made and when it is used`() throws {
    for threads in [1, 2, 3, 16] {
      let cache = cache
      try expectEqual(try Dataset.load(spec, needed: 1, threads: threads, cache: cache))
      #expect(cache.takeNotices() == [])
    }
    #expect(try names().map { $0.split(separator: "-").last } == ["16.pack", "4.pack", "8.pack"])
    #expect(Set(try names().map { $0.prefix(32) }).count == 1)
  }

  @Test func `the second time the same file is used`() throws {
    let first = try Dataset.load(spec, needed: 1, cache: cache)
    let before = try FileManager.default.attributesOfItem(atPath: try path(16))
    let second = try Dataset.load(spec, needed: 1, cache: cache)
    let after = try FileManager.default.attributesOfItem(atPath: try path(16))
    #expect(second.files == first.files && second.pixels == first.pixels)
    #expect(before[.systemFileNumber] as? Int == after[.systemFileNumber] as? Int)
  }

  @Test(arguments: [16, 8]) func `a forged file of other images under the right key is not used`(side: Int) throws {
    _ = batches(try Dataset.load(spec, needed: 1, cache: cache))
    let path = try path(side)
    let forged = try pack(path)
    let (_, records) = try forged.open(path, in: LocalFileSystem(), threads: 1)
    let black = [UInt8](repeating: 0, count: 7 * forged.imageBytes)
    // As somebody would who knows the code: key, records and every digest fit.
    try forged.write(to: path, in: LocalFileSystem()) { (writer) throws(FileError) in
      let result = black.withUnsafeBytes { bytes in
        Result<Void, FileError> { () throws(FileError) in try writer.append(bytes, records) }
      }
      try result.get()
    }
    let cache = cache
    try expectEqual(try Dataset.load(spec, needed: 1, cache: cache))
    let notices = cache.takeNotices()
    #expect(notices.count == 1 && notices[0].hasSuffix("is damaged and is made anew: it does not hold these images"), "\(notices)")
  }

  @Test func `another image, order, fit or resolution is another set`() throws {
    func load(_ spec: DataSpec) throws -> Int {
      let cache = cache
      let dataset = try Dataset.load(spec, needed: 1, cache: cache)
      #expect(dataset.pixels == (try Dataset.load(spec, needed: 1)).pixels)
      #expect(cache.takeNotices() == [])
      return try names().count
    }
    #expect(try load(spec) == 1)
    #expect(try load(dataSpec(folder.path, resolution: 16, fit: .squash, exclude: ["left*"])) == 2)
    #expect(try load(dataSpec(folder.path, resolution: 8, fit: .crop, exclude: ["left*"])) == 3)
    #expect(try load(dataSpec(folder.path, resolution: 16, fit: .crop, exclude: ["left*", "6*"])) == 4)
    try folder.writeImage("5.png", width: 14, height: 12, seed: 99)
    #expect(try load(spec) == 5)
    try FileManager.default.moveItem(atPath: folder.path + "/0.png", toPath: folder.path + "/8.png")
    #expect(try load(spec) == 6)
    try FileManager.default.moveItem(atPath: folder.path + "/8.png", toPath: folder.path + "/7.png")
    #expect(try load(spec) == 6, "the same images in the same order")
  }

  @Test(arguments: [16, 8]) func `any flipped byte is noticed, and the file made anew`(side: Int) throws {
    _ = batches(try Dataset.load(spec, needed: 1, cache: cache))
    let path = try path(side)
    let good = try LocalFileSystem().contents(of: path, limit: 1 << 20)
    var random = RandomStream(seed: UInt64(side), name: "test.flips")
    let tail = good.count - 7 * 3 * side * side * (side == 16 ? 1 : 2)
    // Every byte of the records and of the footer, and some of each image.
    let places = Array(good.count - tail..<good.count) + (0..<60).map { _ in random.below(good.count - tail) }
    let pack = try self.pack(path)
    for place in places {
      var bad = good
      bad[place] ^= UInt8(1 << random.below(8))
      try Data(bad).write(to: URL(filePath: path))
      #expect(throws: PackFile.Damage.self, "byte \(place) of \(good.count)") {
        try pack.open(path, in: LocalFileSystem(), threads: 2)
      }
    }
    // Once through everything: what was flipped last is noticed, said, and made anew.
    let cache = cache
    try expectEqual(try Dataset.load(spec, needed: 1, cache: cache))
    let notices = cache.takeNotices()
    #expect(notices.count == 1 && notices[0].contains("damaged and is made anew"), "\(notices)")
    #expect(notices.allSatisfy { $0.contains(path) })
    #expect(try LocalFileSystem().contents(of: path, limit: 1 << 20) == good)
  }

  @Test(arguments: [16, 8]) func `any other length is noticed, and the file made anew`(side: Int) throws {
    _ = batches(try Dataset.load(spec, needed: 1, cache: cache))
    let path = try path(side)
    let good = try LocalFileSystem().contents(of: path, limit: 1 << 20)
    let image = 3 * side * side * (side == 16 ? 1 : 2)
    for length in [0, 1, 8, 135, 136, 137, image, image + 112 + 136, 7 * image, good.count - 136, good.count - 1] {
      try Data(good.prefix(length)).write(to: URL(filePath: path))
      let cache = cache
      try expectEqual(try Dataset.load(spec, needed: 1, cache: cache))
      #expect(cache.takeNotices().count == 1, "\(length) bytes")
    }
    try Data(good + [0]).write(to: URL(filePath: path))
    try expectEqual(try Dataset.load(spec, needed: 1, cache: cache))
    #expect(try LocalFileSystem().contents(of: path, limit: 1 << 20) == good)
  }

  @Test func `a file of another set is not taken for this one`() throws {
    _ = try Dataset.load(spec, needed: 1, cache: cache)
    let good = try LocalFileSystem().contents(of: try path(16), limit: 1 << 20)
    try folder.writeImage("5.png", width: 14, height: 12, seed: 99)
    _ = try Dataset.load(spec, needed: 1, cache: cache)
    for name in try names() { try Data(good).write(to: URL(filePath: place.path + "/fadein/images/" + name)) }
    let cache = cache
    try expectEqual(try Dataset.load(spec, needed: 1, cache: cache))
    #expect(cache.takeNotices().count == 1)
  }

  @Test(arguments: ["a file", "a link to nowhere", "a file in the way"])
  func `where it cannot be written there is none, and one notice`(
    obstacle: String
  ) throws {
    switch obstacle {
    case "a file": try place.write("fadein", [])
    case "a link to nowhere": try #require(symlink("/proc/nothing", place.path + "/fadein") == 0)
    default:
      try FileManager.default.createDirectory(atPath: place.path + "/fadein", withIntermediateDirectories: true)
      try place.write("fadein/images", [])
    }
    let cache = cache
    try expectEqual(try Dataset.load(spec, needed: 1, cache: cache))
    let notices = cache.takeNotices()
    #expect(notices.count == 1 && notices[0].hasPrefix("no image cache, so the images are decoded into memory: "), "\(notices)")
  }

  @Test func `without a folder of the user's there is none, and one notice`() throws {
    let cache = ImageCache(environment: ["XDG_CACHE_HOME": "relative/path"])
    try expectEqual(try Dataset.load(spec, needed: 1, cache: cache))
    #expect(
      cache.takeNotices() == [
        "no image cache, so the images are decoded into memory: neither XDG_CACHE_HOME nor HOME names a folder"
      ])
    #expect(ImageCache(environment: ["XDG_CACHE_HOME": "", "HOME": "/h"]).folder == "/h/.cache/fadein/images")
    #expect(ImageCache(environment: ["XDG_CACHE_HOME": "/x", "HOME": "/h"]).folder == "/x/fadein/images")
  }

  @Test func `a set that does not fit into memory needs the cache`() throws {
    #expect(throws: DatasetError.self) { try Dataset.load(spec, needed: 1, memoryLimit: 1000) }
    #expect(try Dataset.load(spec, needed: 1, memoryLimit: 1000, cache: cache).count == 7)
  }

  @Test func `a set that stays in its file is the same to the last bit`() throws {
    for _ in 0..<2 {
      let cache = ImageCache(folder: place.path + "/fadein/images", inMemory: 0)
      let dataset = try Dataset.load(spec, needed: 1, threads: 3, cache: cache)
      try expectEqual(dataset)
      try dataset.check()
    }
  }

  @Test(arguments: ["cut", "emptied", "changed", "overwritten"])
  func `a file that is lost while it is used is an error, and never a signal`(
    fate: String
  ) throws {
    let kept = try Dataset.load(spec, needed: 1, cache: cache)
    let dataset = try Dataset.load(
      spec, needed: 1, cache: ImageCache(folder: place.path + "/fadein/images", inMemory: 0))
    let (path, pixels) = (try path(16), kept.pixels)
    try dataset.check()
    let size = try LocalFileSystem().contents(of: path, limit: 1 << 20).count
    let descriptor = open(path, O_RDWR)
    defer { close(descriptor) }
    switch fate {
    case "cut": try #require(ftruncate(descriptor, 100) == 0)
    case "emptied": try #require(ftruncate(descriptor, 0) == 0)
    case "changed": try #require(pwrite(descriptor, [pixels[5] ^ 1], 1, 5) == 1)
    default: try #require(pwrite(descriptor, [UInt8](repeating: 9, count: size), size, 0) == size)
    }
    _ = batches(dataset)
    let lost = #expect(throws: PackLost.self) { try dataset.check() }
    #expect(lost?.exitCode == .ioError && lost?.path == path)
    #expect(kept.pixels == pixels, "what is in memory is not lost")
    let cache = cache
    try expectEqual(try Dataset.load(spec, needed: 1, cache: cache))
    #expect(cache.takeNotices().count == 1)
  }

  @Test(arguments: [0o777, 0o775, 0o702, 0o755]) func `a folder that others can write to is not used`(mode: Int) throws {
    for name in ["fadein", "fadein/images"] {
      _ = try Dataset.load(spec, needed: 1, cache: cache)
      try #require(chmod(place.path + "/" + name, mode_t(mode)) == 0)
      let before = try names()
      let cache = cache
      try expectEqual(try Dataset.load(spec, needed: 1, cache: cache))
      let notices = cache.takeNotices()
      var status = stat()
      try #require(stat(place.path + "/" + name, &status) == 0)
      if mode == 0o755 {
        #expect(notices == [] && status.st_mode & 0o777 == 0o700, "it is closed to others")
      } else {
        #expect(notices.count == 1 && notices[0].contains("others can write to it (mode \(String(mode, radix: 8)))"), "\(notices)")
        #expect(try names() == before, "nothing is written there")
        try #require(chmod(place.path + "/" + name, 0o700) == 0)
      }
    }
  }

  @Test func `links in the cache are not followed`() throws {
    _ = try Dataset.load(spec, needed: 1, cache: cache)
    let path = try path(16)
    let elsewhere = place.path + "/elsewhere"
    try FileManager.default.moveItem(atPath: path, toPath: elsewhere)
    let bytes = try LocalFileSystem().contents(of: elsewhere, limit: 1 << 20)
    try #require(symlink(elsewhere, path) == 0)
    let cache = cache
    try expectEqual(try Dataset.load(spec, needed: 1, cache: cache))
    #expect(cache.takeNotices().count == 1)
    #expect(try LocalFileSystem().contents(of: elsewhere, limit: 1 << 20) == bytes)
    for name in ["fadein/images", "fadein"] {
      try FileManager.default.moveItem(atPath: place.path + "/" + name, toPath: place.path + "/moved-" + Path.name(of: name))
      try #require(symlink(place.path + "/moved-" + Path.name(of: name), place.path + "/" + name) == 0)
      let cache = self.cache
      try expectEqual(try Dataset.load(spec, needed: 1, cache: cache))
      let notices = cache.takeNotices()
      #expect(notices.count == 1 && notices[0].contains("a symbolic link, which is not followed"), "\(notices)")
      try FileManager.default.removeItem(atPath: place.path + "/" + name)
      try FileManager.default.moveItem(atPath: place.path + "/moved-" + Path.name(of: name), toPath: place.path + "/" + name)
    }
  }

  @Test func `what others own or can write is not used`() throws {
    _ = try Dataset.load(spec, needed: 1, cache: cache)
    let path = try path(16)
    try #require(chmod(path, 0o666) == 0)
    var cache = cache
    try expectEqual(try Dataset.load(spec, needed: 1, cache: cache))
    #expect(cache.takeNotices().count == 1)
    // Only root can give a file away.
    guard geteuid() == 0 else { return }
    for owned in [try self.path(16), place.path + "/fadein/images"] {
      try #require(chown(owned, 12345, 12345) == 0)
      cache = self.cache
      try expectEqual(try Dataset.load(spec, needed: 1, cache: cache))
      let notices = cache.takeNotices()
      #expect(notices.count == 1 && notices[0].contains("it belongs to another user"), "\(notices)")
    }
  }

  @Test func `several at once make one set`() throws {
    nonisolated(unsafe) var found = [Bool](repeating: false, count: 8)
    let (spec, folder) = (spec, place.path + "/fadein/images")
    let plain = try Dataset.load(spec, needed: 1).pixels
    found.withUnsafeMutableBufferPointer { found in
      nonisolated(unsafe) let found = found
      DispatchQueue.concurrentPerform(iterations: found.count) { worker in
        let cache = ImageCache(folder: folder)
        let dataset = try? Dataset.load(spec, needed: 1, threads: 2, cache: cache)
        let pooled = dataset?.pooled(to: 4)?.count
        found[worker] = dataset?.pixels == plain && pooled == 7 && cache.takeNotices().isEmpty
      }
    }
    #expect(found == Array(repeating: true, count: 8))
    #expect(try names().count == 2)
  }

  @Test func `what killed processes leave is removed, and what others write is not`() throws {
    let (images, mark) = (place.path + "/fadein/images/", AtomicFile.mark)
    try FileManager.default.createDirectory(atPath: images, withIntermediateDirectories: true)
    // No process has a number beyond 2^22.
    for (name, bytes) in [
      ("\(mark)4999999-1-a.pack", 3), ("\(mark)4999999-1-b.pack", 0), ("\(mark)\(getpid())-1-c.pack", 3), ("d.pack", 3),
    ] {
      try place.write("fadein/images/" + name, [UInt8](repeating: 1, count: bytes))
    }
    try place.write("fadein/images/\(mark)4999999-2-locked.pack", [1])
    let descriptor = open(images + "\(mark)4999999-2-locked.pack", O_RDONLY)
    try #require(flock(descriptor, LOCK_EX) == 0)
    defer { close(descriptor) }
    _ = try Dataset.load(spec, needed: 1, cache: cache)
    #expect(
      Set(try names().filter { !$0.hasSuffix("-16.pack") }) == [
        "\(mark)4999999-1-b.pack", "\(mark)4999999-2-locked.pack", "\(mark)\(getpid())-1-c.pack", "d.pack",
      ])
  }

  /// What the file at `path` says that it is.
  private func pack(_ path: String) throws -> PackFile {
    let footer = try LocalFileSystem().contents(of: path, limit: 1 << 20).suffix(136).map { $0 }
    return PackFile(
      key: String(decoding: footer[40..<104], as: UTF8.self), side: Int(footer[16]), sampleBytes: Int(footer[12]),
      candidates: Int(footer[32]))
  }
}
