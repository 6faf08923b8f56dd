import CKernels

/// Numbers of one dimension.
package enum SortedDistance {
  /// Sorts `values`, the smallest first, in linear time. `scratch` has room for as many.
  package static func sort(_ values: UnsafeMutableBufferPointer<Float>, scratch: UnsafeMutablePointer<Float>) {
    guard let base = values.baseAddress else { return }
    precondition(values.count <= Int(UInt32.max), "\(values.count) numbers are too many")
    fk_sort(base, scratch, values.count)
  }

  /// The sum of the absolute differences of `count` numbers: of sorted ones, `count` times the distance of Wasserstein's first
  /// order.
  package static func absoluteDifference(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, count: Int) -> Double {
    fk_absolute_difference(a, b, count)
  }
}
