import CKernels

/// The most similar of many small images.
package enum NearestImage {
  /// Samples of the largest image: the sum of their squared differences fits into 32 bits.
  package static let largestCount = 32_768

  /// The number of the image among `others`, `[count, n]`, that has the smallest sum of squared differences to `image`, `[n]`, and that
  /// sum; `skipped` is passed over. Of equals the first; nil when there are none.
  package static func find(
    _ image: UnsafeBufferPointer<UInt8>, among others: UnsafeBufferPointer<UInt8>, skipping skipped: Int? = nil
  ) -> (index: Int, squares: Int)? {
    let n = image.count
    precondition(n > 0 && n <= largestCount && others.count % n == 0, "\(others.count) samples are no images of \(n)")
    guard let base = others.baseAddress else { return nil }
    var index = -1
    let squares = fk_nearest(image.baseAddress!, base, others.count / n, n, skipped ?? -1, &index)
    return index < 0 ? nil : (index, Int(squares))
  }
}
