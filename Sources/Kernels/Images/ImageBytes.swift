import CKernels

/// Images between 8-bit samples and numbers.
package enum ImageBytes {
  /// Writes `numbers` to `bytes`, `range` becoming 0...255: rounded to nearest (ties to even) and saturated; what is no number
  /// becomes 0.
  package static func encode(
    _ numbers: UnsafeBufferPointer<Float>, range: ClosedRange<Float>, into bytes: UnsafeMutablePointer<UInt8>
  ) {
    guard let base = numbers.baseAddress else { return }
    let scale = 255 / (range.upperBound - range.lowerBound)
    fk_to_bytes(base, numbers.count, scale, -range.lowerBound * scale, bytes)
  }

  /// Writes `bytes`, each with `offset` added, to `numbers`.
  package static func decode(_ bytes: UnsafeBufferPointer<UInt8>, offset: Float = 0, into numbers: UnsafeMutablePointer<Float>) {
    guard let base = bytes.baseAddress else { return }
    fk_from_bytes(base, bytes.count, offset, numbers)
  }
}
