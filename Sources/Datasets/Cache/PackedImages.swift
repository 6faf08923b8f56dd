import Basics
import Foundation

/// Images of one size side by side, in memory or in a file.
///
/// A file is never mapped: another process could cut it, and looking at a page that is gone would end this one. Each image is read
/// when it is looked at, and checked.
///
/// Sendable although it holds pointers: nobody writes to what they point at.
package final class PackedImages: @unchecked Sendable {
  package let count: Int
  /// Bytes of one image.
  package let imageBytes: Int
  private let storage: Storage

  private enum Storage {
    case memory(UnsafeRawPointer)
    /// An open file that begins with the images, whose digests these are, and where a loss is noted.
    case file(OpenFile, digests: [[UInt8]], PackLoss)
  }

  /// `count` images that `fill` writes; it returns how many there are, at most `count`.
  package init(count: Int, imageBytes: Int, fill: (UnsafeMutableRawBufferPointer) throws -> Int) rethrows {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, count * imageBytes), alignment: 64)
    do {
      self.count = try fill(memory)
    } catch {
      memory.deallocate()
      throw error
    }
    self.imageBytes = imageBytes
    storage = .memory(UnsafeRawPointer(memory.baseAddress!))
    precondition(self.count <= count, "\(self.count) images in the place of \(count)")
  }

  /// The images at the beginning of `file`, one for each of `digests`; the file is closed with the last use of this.
  init(reading file: OpenFile, imageBytes: Int, digests: [[UInt8]], loss: PackLoss) {
    count = digests.count
    self.imageBytes = imageBytes
    storage = .file(file, digests: digests, loss)
  }

  deinit {
    switch storage {
    case .memory(let base): base.deallocate()
    case .file(let file, _, _): close(file.descriptor)
    }
  }

  /// Calls `body` with the bytes of image `index`. When its file was cut or changed these are zeros, and the loss is noted.
  package func withImage<Result>(_ index: Int, _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    precondition(index >= 0 && index < count, "image \(index) of \(count)")
    switch storage {
    case .memory(let base): return try body(UnsafeRawBufferPointer(start: base + index * imageBytes, count: imageBytes))
    case .file(let file, let digests, let loss):
      return try withUnsafeTemporaryAllocation(byteCount: imageBytes, alignment: 64) { buffer in
        if let reason = Self.read(file, at: index * imageBytes, into: buffer, digest: digests[index]) {
          buffer.initializeMemory(as: UInt8.self, repeating: 0)
          loss.note(PackLost(path: file.path, reason: reason))
        }
        return try body(UnsafeRawBufferPointer(buffer))
      }
    }
  }

  /// Fills `buffer` from `offset` of `file`. Returns why the bytes are not those of `digest`.
  static func read(
    _ file: OpenFile, at offset: Int, into buffer: UnsafeMutableRawBufferPointer, digest: [UInt8]
  ) -> String? {
    do throws(FileError) {
      guard try LocalFileSystem().readFully(into: buffer, from: file, at: offset) == buffer.count else { return "it was cut" }
    } catch {
      return error.reason
    }
    return Digest.bytes(of: UnsafeRawBufferPointer(buffer)) == digest ? nil : "an image is not the one that was written"
  }
}
