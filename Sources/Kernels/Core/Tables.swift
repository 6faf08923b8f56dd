/// Tables that C reads, for as long as this lives.
final class Tables {
  private var pointers: [UnsafeMutableRawPointer] = []

  deinit { for pointer in pointers { pointer.deallocate() } }

  func copy<T>(_ values: [T]) -> UnsafeMutablePointer<T> {
    let pointer = UnsafeMutablePointer<T>.allocate(capacity: max(values.count, 1))
    pointer.initialize(from: values, count: values.count)
    pointers.append(pointer)
    return pointer
  }

  /// The same as numbers of 32 bits.
  func copy(_ numbers: [Int]) -> UnsafeMutablePointer<Int32> { copy(numbers.map(Int32.init)) }
}
