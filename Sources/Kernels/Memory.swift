import Glibc

/// A block of floats, zero at first, aligned to 64 bytes.
package final class FloatBuffer: @unchecked Sendable {  // users agree on who writes when, as with any memory
  package let base: UnsafeMutablePointer<Float>
  package let count: Int

  package init(count: Int) {
    self.count = count
    let bytes = (max(1, count) * 4 + 63) / 64 * 64
    var raw: UnsafeMutableRawPointer?
    guard posix_memalign(&raw, 64, bytes) == 0, let raw else { preconditionFailure("no memory for \(bytes) bytes") }
    memset(raw, 0, bytes)
    base = raw.bindMemory(to: Float.self, capacity: bytes / 4)
  }

  /// A block with these values.
  package convenience init(_ values: [Float]) {
    self.init(count: values.count)
    base.update(from: values, count: values.count)
  }

  deinit { free(base) }

  /// A copy of the contents.
  package var values: [Float] { Array(UnsafeBufferPointer(start: base, count: count)) }
}
