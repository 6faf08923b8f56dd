import Basics
import Foundation
import Synchronization

/// A file of images of one size: the images, then a record of each, then a footer.
///
/// Numbers are little-endian. The SHA-256 of the footer and of each image tell every changed byte, and its length tells a file
/// that is not whole; so it need not be made durable.
struct PackFile: Sendable {
  /// What the images of a file were made of and how: 64 hexadecimal digits.
  let key: String
  /// Side of the images.
  let side: Int
  /// Bytes of one sample.
  let sampleBytes: Int
  /// Files that the images were chosen from.
  let candidates: Int

  /// Bytes of one image.
  var imageBytes: Int { 3 * side * side * sampleBytes }

  /// What is known of one image beside its samples.
  struct Record: Equatable, Sendable {
    /// Which of the candidates it is from.
    var source: Int
    /// Of the upright image, in pixels.
    var width: Int
    var height: Int
    /// Whether it is stored otherwise than upright.
    var isTurned: Bool
    /// SHA-256 of the candidate, 64 hexadecimal digits.
    var sourceSHA256: String
    /// SHA-256 of its bytes in this file.
    var digest: [UInt8] = []

    static let bytes = 112
  }

  /// Why a file is not what was written.
  struct Damage: Error, Equatable {
    let reason: String
  }

  private static let magic: [UInt8] = Array("FADEINPK".utf8)
  private static let version: UInt32 = 2
  static let footerBytes = 136
  /// Of a file of so many bytes of images all are kept in memory; of a longer one each is read when it is needed.
  static let largestInMemory = 256 << 20

  /// What follows the images of these records.
  private func tail(_ records: [Record]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(records.count * Record.bytes + Self.footerBytes)
    func append(_ value: some FixedWidthInteger) { withUnsafeBytes(of: value.littleEndian) { bytes += $0 } }
    for record in records {
      for value in [record.source, record.width, record.height, record.isTurned ? 1 : 0] {
        append(UInt32(truncatingIfNeeded: value))
      }
      bytes += record.sourceSHA256.utf8
      bytes += record.digest
    }
    bytes += Self.magic
    for value in [Self.version, UInt32(sampleBytes), UInt32(side), 0] { append(value) }
    for value in [records.count, candidates] { append(UInt64(value)) }
    bytes += key.utf8
    return bytes + bytes.withUnsafeBytes { Digest.bytes(of: $0) }
  }

  /// Puts a file with the images that `body` appends at `path`, whole or not at all, which nobody else can read or write.
  func write(
    to path: String, in files: any FileSystem, _ body: (inout Writer) throws(FileError) -> Void
  ) throws(FileError) {
    try AtomicFile.write(to: path, in: files, isDurable: false) { (file) throws(FileError) in
      guard fchmod(file.descriptor, 0o600) == 0 else { throw FileError(.create, path, errno: errno) }
      // Held while the file is written, so that a file without it is known to be left behind. Where there are no locks,
      // nothing is ever removed.
      _ = try? files.lock(file, shared: false)
      var writer = Writer(pack: self, file: file, files: files)
      try body(&writer)
      try files.writeAll(tail(writer.records), to: file)
    }
  }

  /// Takes the images of a file one after the other.
  struct Writer {
    fileprivate let pack: PackFile
    fileprivate let file: OpenFile
    fileprivate let files: any FileSystem
    fileprivate(set) var records: [Record] = []

    /// Appends the images of `images`, one for each of `records`, whose digests it finds.
    mutating func append(_ images: UnsafeRawBufferPointer, _ records: [Record]) throws(FileError) {
      precondition(images.count == records.count * pack.imageBytes, "\(images.count) bytes for \(records.count) images")
      for (index, record) in records.enumerated() {
        var record = record
        let range = index * pack.imageBytes..<(index + 1) * pack.imageBytes
        record.digest = Digest.bytes(of: UnsafeRawBufferPointer(rebasing: images[range]))
        self.records.append(record)
      }
      try files.writeAll(images, to: file)
    }
  }

  /// The images of the file at `path` and their records, every byte checked on `threads` threads; up to `inMemory` bytes of
  /// images are then in memory, more stay in the file, and what becomes of that is noted in `loss`. Throws ``Damage`` or a
  /// `FileError`.
  func open(
    _ path: String, in files: any FileSystem, threads: Int, inMemory: Int = largestInMemory, loss: PackLoss = PackLoss()
  ) throws -> (images: PackedImages, records: [Record]) {
    let file = try PrivateFolder.open(path)
    var isKept = false
    defer { if !isKept { close(file.descriptor) } }
    var status = stat()
    guard fstat(file.descriptor, &status) == 0 else { throw FileError(.examine, path, errno: errno) }
    let records = try records(of: file, Int(status.st_size), in: files)
    let damage = Damaged()
    if records.count * imageBytes <= inMemory {
      let images = PackedImages(count: records.count, imageBytes: imageBytes) { memory in
        check(file, records, threads: threads, damage) { UnsafeMutableRawBufferPointer(rebasing: memory[$0]) }
        return records.count
      }
      if let reason = damage.reason { throw Damage(reason: reason) }
      return (images, records)
    }
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, threads) * imageBytes, alignment: 64)
    defer { memory.deallocate() }
    check(file, records, threads: threads, damage) { range in
      let worker = range.lowerBound / imageBytes % max(1, threads)
      return UnsafeMutableRawBufferPointer(rebasing: memory[worker * imageBytes..<(worker + 1) * imageBytes])
    }
    if let reason = damage.reason { throw Damage(reason: reason) }
    isKept = true
    return (PackedImages(reading: file, imageBytes: imageBytes, digests: records.map(\.digest), loss: loss), records)
  }

  /// The records of a file of `size` bytes.
  private func records(of file: OpenFile, _ size: Int, in files: any FileSystem) throws -> [Record] {
    guard size >= Self.footerBytes else { throw Damage(reason: "it ends too early") }
    let footer = try files.read(Self.footerBytes, from: file, at: size - Self.footerBytes)
    guard footer.count == Self.footerBytes, Array(footer.prefix(8)) == Self.magic else {
      throw Damage(reason: "it does not end as it should")
    }
    let count = footer[24..<32].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    // The file's length limits the count before anything is computed with it.
    let limit = UInt64(size / (imageBytes + Record.bytes))
    guard count <= limit, size == Int(count) * (imageBytes + Record.bytes) + Self.footerBytes else {
      throw Damage(reason: "it has \(size) bytes, which is not the length of \(count) images")
    }
    // A sparse file is as long as anybody likes: no more is read than the set has images.
    guard count <= UInt64(max(0, candidates)) else { throw Damage(reason: "it has \(count) images of \(candidates)") }
    let start = Int(count) * imageBytes
    let tail = try files.read(size - start, from: file, at: start)
    guard tail.count == size - start else { throw Damage(reason: "it ends too early") }
    let records = (0..<Int(count)).map { Record(tail, at: $0 * Record.bytes) }
    guard self.tail(records) == tail else { throw Damage(reason: "its records are not those that were written") }
    return records
  }

  /// Reads every image into the place that `target` gives for its bytes and notes the first that is not the one of its record.
  private func check(
    _ file: OpenFile, _ records: [Record], threads: Int, _ damage: Damaged, _ target: (Range<Int>) -> UnsafeMutableRawBufferPointer
  ) {
    let workers = max(1, threads)
    withoutActuallyEscaping(target) { target in
      nonisolated(unsafe) let target = target  // Safe: no two workers have the same place at a time.
      Workers.perform(workers) { worker in
        for index in stride(from: worker, to: records.count, by: workers) {
          let range = index * imageBytes..<(index + 1) * imageBytes
          if let reason = PackedImages.read(file, at: range.lowerBound, into: target(range), digest: records[index].digest) {
            return damage.note(reason, at: index)
          }
        }
      }
    }
  }
}

/// The first image that is damaged.
private final class Damaged: Sendable {
  private let first = Mutex<(index: Int, reason: String)?>(nil)

  var reason: String? { first.withLock { found in found.map { "image \($0.index): \($0.reason)" } } }

  func note(_ reason: String, at index: Int) {
    first.withLock { if index < $0?.index ?? .max { $0 = (index, reason) } }
  }
}

extension PackFile.Record {
  /// The record that begins at `offset`.
  fileprivate init(_ bytes: [UInt8], at offset: Int) {
    func number(_ place: Int) -> Int {
      bytes[offset + place..<offset + place + 4].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
    (source, width, height, isTurned) = (number(0), number(4), number(8), number(12) & 1 == 1)
    sourceSHA256 = String(decoding: bytes[offset + 16..<offset + 80], as: UTF8.self)
    digest = Array(bytes[offset + 80..<offset + 112])
  }
}
