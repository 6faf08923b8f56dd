import Glibc
import Synchronization

/// Work on independent elements, shared by threads.
package enum Workers {
  /// Calls `body` once with each number of `0..<count`, on up to `count` threads, the caller's among them: as many as the system gives.
  package static func perform(_ count: Int, _ body: @Sendable (Int) -> Void) {
    withoutActuallyEscaping(body) { body in
      let share = Share(count: count, body: body)
      var threads: [pthread_t] = []
      for _ in 0..<max(0, count - 1) {
        guard let thread = SystemThread.begin({ share.work() }) else { break }
        threads.append(thread)
      }
      share.work()
      for thread in threads { pthread_join(thread, nil) }
    }
  }

  private final class Share: Sendable {
    private let next = Atomic<Int>(0)
    private let count: Int
    private let body: @Sendable (Int) -> Void

    init(count: Int, body: @escaping @Sendable (Int) -> Void) {
      self.count = count
      self.body = body
    }

    func work() {
      while case let number = next.add(1, ordering: .relaxed).oldValue, number < count {
        body(number)
      }
    }
  }
}

/// The threads of the operating system.
package enum SystemThread {
  /// Bytes of a thread's stack, whatever the limit on that of the program (`ulimit -s`).
  private static let stackBytes = 2 << 20

  /// Begins a thread that does `work` and is to be joined; nil where the system gives none.
  package static func begin(stackBytes: Int = stackBytes, _ work: @escaping @Sendable () -> Void)
    -> pthread_t?
  {
    var attributes = pthread_attr_t()
    guard pthread_attr_init(&attributes) == 0 else { return nil }
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setstacksize(&attributes, stackBytes)
    let box = Unmanaged.passRetained(Box(work))
    var thread = pthread_t()
    let result = pthread_create(
      &thread, &attributes,
      { pointer in
        Unmanaged<Box>.fromOpaque(pointer!).takeRetainedValue().work()
        return nil
      }, box.toOpaque())
    guard result == 0 else {
      box.release()
      return nil
    }
    return thread
  }

  private final class Box {
    let work: @Sendable () -> Void
    init(_ work: @escaping @Sendable () -> Void) { self.work = work }
  }
}
