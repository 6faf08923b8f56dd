/// Returns the values in memory that the caller deallocates.
func copied<T>(_ values: [T]) -> UnsafeMutablePointer<T> {
  let pointer = UnsafeMutablePointer<T>.allocate(capacity: max(values.count, 1))
  pointer.initialize(from: values, count: values.count)
  return pointer
}
