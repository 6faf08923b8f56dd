import Glibc

/// A thread that does one piece of work after the other. If the system provides no thread, the caller does the work.
///
/// Sendable although it has state: one thread at a time may call it.
package final class BackgroundThread: @unchecked Sendable {
  private let state = State()
  private var thread: pthread_t?

  /// What both threads know, under its lock.
  private final class State: @unchecked Sendable {
    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let change = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var work: (@Sendable () -> Void)?
    private var isStopped = false

    init() {
      pthread_mutex_init(lock, nil)
      pthread_cond_init(change, nil)
    }

    deinit {
      pthread_cond_destroy(change)
      pthread_mutex_destroy(lock)
      change.deallocate()
      lock.deallocate()
    }

    /// Changes or reads under the lock, waiting until `isReady`.
    private func locked<Result>(when isReady: () -> Bool = { true }, _ body: () -> Result) -> Result {
      pthread_mutex_lock(lock)
      while !isReady() { pthread_cond_wait(change, lock) }
      let result = body()
      pthread_cond_broadcast(change)
      pthread_mutex_unlock(lock)
      return result
    }

    var isBusy: Bool { locked { work != nil } }
    func begin(_ piece: @escaping @Sendable () -> Void) { locked { work = piece } }
    func wait() { locked(when: { work == nil }) {} }
    func stop() { locked { isStopped = true } }

    /// What the thread does.
    func run() {
      while let piece = locked(when: { work != nil || isStopped }, { work }) {
        piece()
        locked { work = nil }
      }
    }
  }

  package init() {}

  deinit {
    state.wait()
    state.stop()
    if let thread { pthread_join(thread, nil) }
  }

  /// Whether a piece of work is under way.
  package var isBusy: Bool { state.isBusy }

  /// Begins with `work`; nothing may be under way.
  package func begin(_ work: @escaping @Sendable () -> Void) {
    precondition(!state.isBusy, "one piece of work is still under way")
    thread = thread ?? SystemThread.begin { [state] in state.run() }
    guard thread != nil else { return work() }
    state.begin(work)
  }

  /// Waits until nothing is under way.
  package func wait() { state.wait() }
}
