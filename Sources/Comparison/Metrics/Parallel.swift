import Basics
import Synchronization

/// Work on independent elements, dealt out to threads.
enum Parallel {
  /// `transform` of each number of `0..<count`, in that order whatever the number of threads. Each thread has a buffer to read
  /// files into.
  static func map<Value: Sendable>(
    _ count: Int, threads: Int, _ transform: @Sendable (Int, ReadBuffer) -> Value
  ) -> [Value] {
    var values = [Value?](repeating: nil, count: count)
    let next = Atomic(0)
    values.withUnsafeMutableBufferPointer { values in
      // Safe: each number is taken once, so each element is written by one thread.
      nonisolated(unsafe) let values = values
      Workers.perform(max(1, min(threads, count))) { _ in
        let buffer = ReadBuffer()
        while true {
          let number = next.wrappingAdd(1, ordering: .relaxed).oldValue
          guard number < values.count else { return }
          values[number] = transform(number, buffer)
        }
      }
    }
    return values.map { $0! }
  }
}
