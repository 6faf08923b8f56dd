import Foundation

/// Images of one size side by side, in memory or in a mapped file.
///
/// Sendable although it holds pointers: nobody writes to what they point at.
package final class PackedImages: @unchecked Sendable {
  package let count: Int
  /// Bytes of one image.
  package let imageBytes: Int

  private let base: UnsafeRawPointer
  private let storage: Storage

  private enum Storage {
    case memory
    /// So many bytes of a file from its beginning. With `releases` what was looked at leaves this process's memory again.
    case mapped(bytes: Int, releases: Bool)
  }

  /// Mapped files beyond this many bytes are not kept in this process's memory; the system's file cache has them.
  private static let residentBytes = 256 << 20

  /// `count` images that `fill` writes; it returns how many there are, at most `count`.
  package init(count: Int, imageBytes: Int, fill: (UnsafeMutableRawBufferPointer) -> Int) {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, count * imageBytes), alignment: 64)
    self.count = fill(memory)
    self.imageBytes = imageBytes
    (base, storage) = (UnsafeRawPointer(memory.baseAddress!), .memory)
    precondition(self.count <= count, "\(self.count) images in the place of \(count)")
  }

  /// The first `count` images of the open file `descriptor`, which is `bytes` long and may be closed afterwards. Nil when the
  /// system does not map it; `errno` says why.
  init?(mapping descriptor: Int32, bytes: Int, count: Int, imageBytes: Int, releasing: Bool? = nil) {
    precondition(bytes > 0 && count * imageBytes <= bytes, "\(count) images of \(imageBytes) bytes in a file of \(bytes)")
    guard let address = mmap(nil, bytes, PROT_READ, MAP_SHARED, descriptor, 0), address != MAP_FAILED else { return nil }
    (self.count, self.imageBytes, base) = (count, imageBytes, UnsafeRawPointer(address))
    storage = .mapped(bytes: bytes, releases: releasing ?? (bytes > Self.residentBytes))
  }

  deinit {
    switch storage {
    case .memory: base.deallocate()
    case .mapped(let bytes, _): munmap(UnsafeMutableRawPointer(mutating: base), bytes)
    }
  }

  /// Calls `body` with the bytes of image `index`.
  package func withImage<Result>(_ index: Int, _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    precondition(index >= 0 && index < count, "image \(index) of \(count)")
    let start = index * imageBytes
    defer { release(start..<start + imageBytes) }
    return try body(UnsafeRawBufferPointer(start: base + start, count: imageBytes))
  }

  /// Lets the pages of a range go. Whoever looks at one of them again gets it back from the file.
  private func release(_ range: Range<Int>) {
    guard case .mapped(let bytes, releases: true) = storage else { return }
    let page = Self.pageBytes
    let start = range.lowerBound / page * page
    let end = min(bytes, (range.upperBound + page - 1) / page * page)
    madvise(UnsafeMutableRawPointer(mutating: base + start), end - start, MADV_DONTNEED)
  }

  private static let pageBytes = Int(sysconf(Int32(_SC_PAGESIZE)))
}
