import Basics
import Foundation
import Runs
import Spec

/// One set of images in a cache: all of them at their full resolution in one file, and for each lower resolution one that is
/// pooled from it.
struct CachedImages: Sendable {
  /// What came of looking for images.
  enum Outcome {
    case dataset(Dataset)
    /// The folder changed while it was read.
    case changed
    /// There is no cache to use.
    case unusable
  }

  private let cache: ImageCache
  /// What the images are made of, 64 hexadecimal digits: SHA-256 over the version, fit, resolution, and the SHA-256 of every
  /// candidate in order.
  private let key: String
  private let candidates: Int
  private let threads: Int

  /// Changed whenever the same files would give other samples.
  private static let version = 2
  /// Bytes of decoded images in memory while a file is made.
  private static let chunkBytes = 32 << 20
  /// Images of a file that are compared with the ones they were made of, and the bytes of these after which no more are.
  private static let (comparedImages, comparedBytes) = (4, 1 << 20)

  private init(_ candidates: [ImageFile], _ loader: ImageLoader, _ cache: ImageCache) {
    let head = ["fadein images \(Self.version)", loader.fit.rawValue, "\(loader.resolution)"]
    key = Digest.sha256((head + candidates.map { $0.sha256 ?? "" }).joined(separator: "\n"))
    self.cache = cache
    self.candidates = candidates.count
    threads = loader.threads
  }

  /// The images of `files`, which are examined, from the cache, where they are put when they are not there.
  static func dataset(_ files: [ImageFile], _ loader: ImageLoader, in cache: ImageCache) -> Outcome {
    let slots = files.indices.filter { files[$0].skipReason == nil }
    guard !slots.isEmpty else { return .unusable }
    let candidates = slots.map { files[$0] }
    let place = CachedImages(candidates, loader, cache)
    let pack = place.pack(side: loader.resolution, sampleBytes: 1)
    func dataset(_ found: (images: PackedImages, records: [PackFile.Record])) -> Dataset? {
      guard let files = place.files(files, slots, found.records, loader) else { return nil }
      return Dataset(resolution: loader.resolution, images: found.images, files: files, place: place)
    }
    let kept = cache.open(pack, threads: loader.threads) { areMade($0, $1, of: candidates, loader) }
    if let kept, let dataset = dataset(kept) { return .dataset(dataset) }
    var hasChanged = false
    let made = cache.make(pack, threads: loader.threads) { writer throws(FileError) in
      hasChanged = try !decode(candidates, loader, &writer)
      return !hasChanged
    }
    if hasChanged { return .changed }
    return made.flatMap(dataset).map { .dataset($0) } ?? .unusable
  }

  /// Whether the records name the digests of `candidates`, and some images, chosen at random, are what these give today.
  private static func areMade(
    _ images: PackedImages, _ records: [PackFile.Record], of candidates: [ImageFile], _ loader: ImageLoader
  ) -> Bool {
    guard records.allSatisfy({ candidates.indices.contains($0.source) && candidates[$0.source].sha256 == $0.sourceSHA256 }) else {
      return false
    }
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: loader.imageBytes, alignment: 64)
    defer { memory.deallocate() }
    var bytes = 0
    for index in records.indices.shuffled().prefix(comparedImages) where bytes < comparedBytes {
      var file = [candidates[records[index].source]]
      bytes += file[0].byteCount ?? 0
      guard loader.load(&file, into: memory.baseAddress!) == 1 else { return false }
      let isEqual = images.withImage(index) { memcmp($0.baseAddress!, memory.baseAddress!, memory.count) == 0 }
      // A file that has changed since it was examined says nothing about the cache.
      guard isEqual || file[0].sha256 != records[index].sourceSHA256 else { return false }
    }
    return true
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
      let records = zip(numbers, files).filter { $1.skipReason == nil }.map { number, file in
        PackFile.Record(
          source: number, width: file.width ?? 0, height: file.height ?? 0, isTurned: file.isTurned, sourceSHA256: file.sha256 ?? ""
        )
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
      let slot = slots[record.source]
      (files[slot].width, files[slot].height, files[slot].isTurned) = (record.width, record.height, record.isTurned)
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

  /// Throws when a file of the cache was lost while it was in use.
  func check() throws(PackLost) { if let lost = cache.loss.lost { throw lost } }

  /// The sums of `images` that `pooling` finds, from the cache, where they are put when they are not there. Nil when it cannot be
  /// used.
  func pooled(_ images: PackedImages, _ pooling: Pooling) -> PackedImages? {
    let pack = pack(side: pooling.to, sampleBytes: pooling.sumBytes)
    let kept = cache.open(pack, threads: threads) { found, _ in
      found.count == images.count
        && (0..<found.count).shuffled().prefix(Self.comparedImages).allSatisfy { index in
          withUnsafeTemporaryAllocation(byteCount: pack.imageBytes, alignment: 64) { sums in
            images.withImage(index) { pooling.sum($0.assumingMemoryBound(to: UInt8.self).baseAddress!, into: sums.baseAddress!) }
            return found.withImage(index) { memcmp($0.baseAddress!, sums.baseAddress!, sums.count) == 0 }
          }
        }
    }
    if let kept { return kept.images }
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
        let records = (first..<first + count).map {
          PackFile.Record(source: $0, width: pooling.from, height: pooling.from, isTurned: false, sourceSHA256: key)
        }
        try writer.append(UnsafeRawBufferPointer(memory), records)
      }
      return cache.loss.lost == nil
    }?.images
  }

  private func pack(side: Int, sampleBytes: Int) -> PackFile {
    PackFile(key: key, side: side, sampleBytes: sampleBytes, candidates: candidates)
  }
}
