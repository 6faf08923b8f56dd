import Dispatch

/// Work in the background, one piece at a time, whose outcome is asked for later.
///
/// Sendable although it has state: one thread at a time may call it, and the outcome is only read once the work is done.
final class BackgroundJob<Value: Sendable>: @unchecked Sendable {
  private let queue = DispatchQueue(label: "fadein.background", qos: .utility)
  private let group = DispatchGroup()
  private let box = Box()
  private var isPending = false

  /// What the work leaves: apart from the job, which the work must not refer to while it waits in ``deinit``.
  private final class Box: @unchecked Sendable {
    var outcome: Result<Value, any Error>?
  }

  deinit { group.wait() }

  /// Begins with `work`. What came before must have been taken.
  func begin(_ work: @escaping @Sendable () throws -> Value) {
    precondition(!isPending, "one piece of work is still under way")
    isPending = true
    queue.async(group: group) { [box] in box.outcome = Result(catching: work) }
  }

  /// Takes the outcome, once, when there is one: of work that is done, or with `waiting` of any that has begun. Throws what the
  /// work has thrown.
  func take(waiting: Bool) throws -> Value? {
    guard isPending else { return nil }
    if waiting { group.wait() } else if group.wait(timeout: .now()) == .timedOut { return nil }
    isPending = false
    defer { box.outcome = nil }
    return try box.outcome?.get()
  }
}
