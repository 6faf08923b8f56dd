import Basics
import Foundation

/// A file of images of one size that are used straight from its mapping: the images, then a record of each, then a footer.
///
/// Numbers are little-endian. The check values of the footer and of each image tell every flipped byte, and its length tells a
/// file that is not whole; so it needs not be made durable.
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
    /// As stored there, in pixels.
    var width: Int
    var height: Int
    /// Of its bytes in this file.
    var checksum: UInt64 = 0

    static let bytes = 20
  }

  /// Why a file is not what was written.
  struct Damage: Error, Equatable {
    let reason: String
  }

  private static let magic: [UInt8] = Array("FADEINPK".utf8)
  private static let version: UInt32 = 1
  private static let footerBytes = 112

  /// What follows the images of these records.
  private func tail(_ records: [Record]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(records.count * Record.bytes + Self.footerBytes)
    func append(_ value: some FixedWidthInteger) { withUnsafeBytes(of: value.littleEndian) { bytes += $0 } }
    for record in records {
      for value in [record.source, record.width, record.height] { append(UInt32(value)) }
      append(record.checksum)
    }
    bytes += Self.magic
    for value in [Self.version, UInt32(sampleBytes), UInt32(side), 0] { append(value) }
    for value in [records.count, candidates] { append(UInt64(value)) }
    bytes += key.utf8
    append(bytes.withUnsafeBytes { Checksum.of($0) })
    return bytes
  }

  /// Puts a file with the images that `body` appends at `path`, whole or not at all.
  func write(
    to path: String, in files: any FileSystem, _ body: (inout Writer) throws(FileError) -> Void
  ) throws(FileError) {
    try AtomicFile.write(to: path, in: files, isDurable: false) { (file) throws(FileError) in
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

    /// Appends the images of `images`, one for each of `records`, whose check values it finds.
    mutating func append(_ images: UnsafeRawBufferPointer, _ records: [Record]) throws(FileError) {
      precondition(images.count == records.count * pack.imageBytes, "\(images.count) bytes for \(records.count) images")
      for (index, record) in records.enumerated() {
        var record = record
        let range = index * pack.imageBytes..<(index + 1) * pack.imageBytes
        record.checksum = Checksum.of(UnsafeRawBufferPointer(rebasing: images[range]))
        self.records.append(record)
      }
      try files.writeAll(images, to: file)
    }
  }

  /// The images of the file at `path` and their records, every byte checked on `threads` threads. Throws ``Damage`` or a
  /// `FileError`.
  func open(_ path: String, in files: any FileSystem, threads: Int) throws -> (images: PackedImages, records: [Record]) {
    try files.reading(path) { file, size in
      Result { try open(file, size, in: files, threads: threads) }
    }.get()
  }

  private func open(
    _ file: OpenFile, _ size: Int, in files: any FileSystem, threads: Int
  ) throws -> (images: PackedImages, records: [Record]) {
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
    let start = Int(count) * imageBytes
    let tail = try files.read(size - start, from: file, at: start)
    guard tail.count == size - start else { throw Damage(reason: "it ends too early") }
    let records = (0..<Int(count)).map { Record(tail, at: $0 * Record.bytes) }
    guard self.tail(records) == tail else { throw Damage(reason: "its records are not those that were written") }
    guard
      let images = PackedImages(
        mapping: file.descriptor, bytes: size, count: Int(count), imageBytes: imageBytes)
    else { throw FileError(.read, file.path, errno: errno) }
    if let index = Self.damaged(images, records, threads: threads) {
      throw Damage(reason: "image \(index) is not the one that was written")
    }
    return (images, records)
  }

  /// One of the images whose bytes do not have their check value.
  private static func damaged(_ images: PackedImages, _ records: [Record], threads: Int) -> Int? {
    var found = [Int?](repeating: nil, count: max(1, threads))
    found.withUnsafeMutableBufferPointer { found in
      // Safe: worker w touches only found[w].
      nonisolated(unsafe) let found = found
      Workers.perform(found.count) { worker in
        found[worker] = stride(from: worker, to: records.count, by: found.count).first { index in
          images.withImage(index) { Checksum.of($0) } != records[index].checksum
        }
      }
    }
    return found.compactMap { $0 }.min()
  }
}

extension PackFile.Record {
  /// The record that begins at `offset`.
  fileprivate init(_ bytes: [UInt8], at offset: Int) {
    func number<Number: FixedWidthInteger>(_ place: Int, _: Number.Type) -> Number {
      let start = offset + place
      return bytes[start..<start + MemoryLayout<Number>.size].reversed().reduce(0) { $0 << 8 | Number($1) }
    }
    (source, width) = (Int(number(0, UInt32.self)), Int(number(4, UInt32.self)))
    (height, checksum) = (Int(number(8, UInt32.self)), number(12, UInt64.self))
  }
}
