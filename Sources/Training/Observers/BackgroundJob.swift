import Basics

/// Work in the background, one piece at a time, whose outcome is asked for later.
///
/// Sendable although it has state: one thread at a time may call it, and the outcome is only read once the work is done.
final class BackgroundJob<Value: Sendable>: @unchecked Sendable {
  private let thread = BackgroundThread()
  private let box = Box()
  private var isPending = false

  /// What the work leaves: apart from the job, whose end waits for the work.
  private final class Box: @unchecked Sendable {
    var outcome: Result<Value, any Error>?
  }

  /// Begins with `work`. What came before must have been taken.
  func begin(_ work: @escaping @Sendable () throws -> Value) {
    precondition(!isPending, "one piece of work is still under way")
    isPending = true
    thread.begin { [box] in box.outcome = Result(catching: work) }
  }

  /// Takes the outcome, once, when there is one: of work that is done, or with `waiting` of any that has begun. Throws what the
  /// work has thrown.
  func take(waiting: Bool) throws -> Value? {
    guard isPending else { return nil }
    if waiting { thread.wait() } else if thread.isBusy { return nil }
    isPending = false
    defer { box.outcome = nil }
    return try box.outcome?.get()
  }
}
