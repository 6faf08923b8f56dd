import Datasets
import Kernels

extension ImageSet {
  /// The same images at a side that divides theirs: averages of squares, rounded to nearest (ties to even).
  package func pooled(to side: Int, on lanes: Lanes) -> ImageSet {
    if side == self.side { return self }
    let pooling = Pooling(from: self.side, to: side, range: 0...255)
    let target = 3 * side * side
    let pixels = [UInt8](unsafeUninitializedCapacity: count * target) { buffer, initialized in
      nonisolated(unsafe) let base = buffer.baseAddress
      lanes.run(units: count) { index in
        withUnsafeTemporaryAllocation(of: Float.self, capacity: target) { numbers in
          withImage(index) { pooling.run($0.baseAddress!, into: numbers.baseAddress!) }
          ImageBytes.encode(UnsafeBufferPointer(numbers), range: 0...255, into: base! + index * target)
        }
      }
      initialized = count * target
    }
    return ImageSet(side: side, pixels: pixels)
  }
}
