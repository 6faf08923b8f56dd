import Basics
import CKernels

extension RandomStream {
  /// Fills `values` with standard normal numbers; takes a block for each four.
  package mutating func fill(_ values: UnsafeMutableBufferPointer<Float>) {
    let blocks = (values.count + 3) / 4
    let counter = take(blocks: blocks)
    guard let base = values.baseAddress else { return }
    fk_normals(base, values.count / 4, key, counter)
    guard values.count % 4 != 0 else { return }
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 4) { last in
      fk_normals(last.baseAddress!, 1, key, counter + UInt64(blocks - 1))
      for i in 0..<values.count % 4 { values[values.count / 4 * 4 + i] = last[i] }
    }
  }

  /// `count` standard normal numbers.
  package mutating func normals(_ count: Int) -> [Float] {
    Array(unsafeUninitializedCapacity: count) { buffer, initialized in
      fill(UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
      initialized = count
    }
  }
}
