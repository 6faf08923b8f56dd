import Glibc

/// A block of floats, zero at first, aligned to 64 bytes.
package final class FloatBuffer: @unchecked Sendable {  // users agree on who writes when, as with any memory
  package let base: UnsafeMutablePointer<Float>
  package let count: Int

  /// Bytes of a huge page: plans walk through dozens of streams at once, more than there are entries for small pages.
  private static let hugePage = 1 << 21

  package init(count: Int) {
    self.count = count
    let isLarge = count * 4 >= Self.hugePage
    let alignment = isLarge ? Self.hugePage : 64
    let bytes = (max(1, count) * 4 + alignment - 1) / alignment * alignment
    var raw: UnsafeMutableRawPointer?
    guard posix_memalign(&raw, alignment, bytes) == 0, let raw else {
      OutOfMemory.end(bytes: bytes)
    }
    // Before the first touch; where the system has no huge pages nothing happens.
    if isLarge { madvise(raw, bytes, MADV_HUGEPAGE) }
    memset(raw, 0, bytes)
    base = raw.bindMemory(to: Float.self, capacity: bytes / 4)
  }

  /// A block with these values.
  package convenience init(_ values: [Float]) {
    self.init(count: values.count)
    base.update(from: values, count: values.count)
  }

  /// A block with the values of `other`.
  package convenience init(copying other: FloatBuffer) {
    self.init(count: other.count)
    base.update(from: other.base, count: other.count)
  }

  deinit { free(base) }

  /// A copy of the contents.
  package var values: [Float] { Array(UnsafeBufferPointer(start: base, count: count)) }
}
