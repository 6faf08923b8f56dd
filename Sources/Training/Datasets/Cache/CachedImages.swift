import Basics
import Foundation
import Runs
import Spec

/// One set of images in a cache: all of them at their full resolution in one file, and for each lower resolution one that is
/// pooled from it.
struct CachedImages: Sendable {
  private let cache: ImageCache
  /// What the images are made of, 64 hexadecimal digits: SHA-256 over the version, fit, resolution, and the SHA-256 of every
  /// candidate in order.
  private let key: String
  private let candidates: Int
  private let threads: Int

  /// Changed whenever the same files would give other samples.
  private static let version = 1
  /// How often a folder that changes while it is read is read anew.
  private static let attempts = 3
  /// Bytes of decoded images in memory while a file is made.
  private static let chunkBytes = 32 << 20

  private init(_ candidates: [ImageFile], _ loader: ImageLoader, _ cache: ImageCache) {
    let head = ["fadein images \(Self.version)", loader.fit.rawValue, "\(loader.resolution)"]
    key = Digest.sha256((head + candidates.map { $0.sha256 ?? "" }).joined(separator: "\n"))
    (self.cache, self.candidates, threads) = (cache, candidates.count, loader.threads)
  }

  /// The images of `folder` from the cache, where they are put when they are not there. Nil when it cannot be used.
  static func dataset(_ folder: ImageFolder, _ loader: ImageLoader, in cache: ImageCache) -> Dataset? {
    for _ in 0..<attempts {
      var files = folder.files
      loader.examine(&files)
      let slots = files.indices.filter { files[$0].skipReason == nil }
      guard !slots.isEmpty else { return nil }
      let place = CachedImages(slots.map { files[$0] }, loader, cache)
      let pack = place.pack(side: loader.resolution, sampleBytes: 1)
      func dataset(_ found: (images: PackedImages, records: [PackFile.Record])) -> Dataset? {
        guard let files = place.files(files, slots, found.records, loader) else { return nil }
        return Dataset(resolution: loader.resolution, images: found.images, files: files, place: place)
      }
      if let found = cache.open(pack, threads: loader.threads), let dataset = dataset(found) { return dataset }
      var hasChanged = false
      let made = cache.make(pack, threads: loader.threads) { writer throws(FileError) in
        hasChanged = try !decode(slots.map { files[$0] }, loader, &writer)
        return !hasChanged
      }
      if hasChanged { continue }
      return made.flatMap(dataset)
    }
    return nil
  }

  /// Appends the images of `candidates` to a file. Returns false if one of them is no longer as it was examined.
  private static func decode(
    _ candidates: [ImageFile], _ loader: ImageLoader, _ writer: inout PackFile.Writer
  ) throws(FileError) -> Bool {
    let chunk = max(loader.threads, min(256, chunkBytes / loader.imageBytes))
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: min(chunk, candidates.count) * loader.imageBytes, alignment: 64)
    defer { memory.deallocate() }
    for first in stride(from: 0, to: candidates.count, by: chunk) {
      let numbers = first..<min(first + chunk, candidates.count)
      var files = Array(candidates[numbers])
      let used = loader.load(&files, into: memory.baseAddress!)
      guard zip(files, candidates[numbers]).allSatisfy({ $0.sha256 == $1.sha256 }) else { return false }
      let records = zip(numbers, files).filter { $1.skipReason == nil }.map {
        PackFile.Record(source: $0, width: $1.width ?? 0, height: $1.height ?? 0)
      }
      try writer.append(UnsafeRawBufferPointer(rebasing: memory[..<(used * loader.imageBytes)]), records)
    }
    return true
  }

  /// `files` with what `records` know of the candidates, which are at `slots`. Those without a record are examined again: they
  /// are damaged. Nil when one of them is not, so that the records are wrong.
  private func files(
    _ files: [ImageFile], _ slots: [Int], _ records: [PackFile.Record], _ loader: ImageLoader
  ) -> [ImageFile]? {
    var files = files
    var rest = Set(slots)
    for record in records {
      guard slots.indices.contains(record.source), rest.remove(slots[record.source]) != nil else { return nil }
      (files[slots[record.source]].width, files[slots[record.source]].height) = (record.width, record.height)
    }
    let memory = UnsafeMutableRawPointer.allocate(byteCount: loader.imageBytes, alignment: 64)
    defer { memory.deallocate() }
    for slot in rest {
      var file = [files[slot]]
      guard loader.load(&file, into: memory) == 0 else { return nil }
      files[slot] = file[0]
    }
    return files
  }

  /// The sums of `images` that `pooling` finds, from the cache, where they are put when they are not there. Nil when it cannot be
  /// used.
  func pooled(_ images: PackedImages, _ pooling: Pooling) -> PackedImages? {
    let pack = pack(side: pooling.to, sampleBytes: pooling.sumBytes)
    if let found = cache.open(pack, threads: threads), found.images.count == images.count { return found.images }
    return cache.make(pack, threads: threads) { writer throws(FileError) in
      let chunk = max(1, Self.chunkBytes / pack.imageBytes)
      for first in stride(from: 0, to: images.count, by: chunk) {
        let count = min(chunk, images.count - first)
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: count * pack.imageBytes, alignment: 64)
        defer { memory.deallocate() }
        nonisolated(unsafe) let target = memory  // Safe: each image has a place of its own.
        Workers.perform(threads) { worker in
          for index in stride(from: worker, to: count, by: threads) {
            images.withImage(first + index) { source in
              let samples = source.assumingMemoryBound(to: UInt8.self).baseAddress!
              pooling.sum(samples, into: target.baseAddress! + index * pack.imageBytes)
            }
          }
        }
        let records = (first..<first + count).map { PackFile.Record(source: $0, width: pooling.from, height: pooling.from) }
        try writer.append(UnsafeRawBufferPointer(memory), records)
      }
      return true
    }?.images
  }

  private func pack(side: Int, sampleBytes: Int) -> PackFile {
    PackFile(key: key, side: side, sampleBytes: sampleBytes, candidates: candidates)
  }
}
