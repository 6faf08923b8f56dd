import Basics

/// Work on independent elements, dealt out to threads.
enum Parallel {
  /// `transform` of each number of `0..<count`, in that order whatever the number of threads.
  static func map<Value: Sendable>(_ count: Int, threads: Int, _ transform: @Sendable (Int) -> Value) -> [Value] {
    var values = [Value?](repeating: nil, count: count)
    values.withUnsafeMutableBufferPointer { values in
      // Safe: worker w touches only the elements w, w + threads, ...
      nonisolated(unsafe) let values = values
      Workers.perform(max(1, threads)) { worker in
        for number in stride(from: worker, to: values.count, by: max(1, threads)) { values[number] = transform(number) }
      }
    }
    return values.map { $0! }
  }
}
