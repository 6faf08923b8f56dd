import Synchronization

/// Work on independent elements, dealt out to threads.
package enum Parallel {
  /// `transform` of each number of `0..<count`, in that order whatever the number of threads. Each thread has a state of its own, which
  /// `state` makes.
  package static func map<State, Value: Sendable>(
    _ count: Int, threads: Int, state: @Sendable () -> State, _ transform: @Sendable (Int, State) -> Value
  ) -> [Value] {
    var values = [Value?](repeating: nil, count: count)
    let next = Atomic(0)
    values.withUnsafeMutableBufferPointer { values in
      // Safe: each number is taken once, so each element is written by one thread.
      nonisolated(unsafe) let values = values
      Workers.perform(max(1, min(threads, count))) { _ in
        let state = state()
        while true {
          let number = next.wrappingAdd(1, ordering: .relaxed).oldValue
          guard number < values.count else { return }
          values[number] = transform(number, state)
        }
      }
    }
    return values.map { $0! }
  }
}
