import Foundation
import Synchronization

/// SIGHUP, SIGINT, SIGTERM and SIGUSR1 as a request to end after the present iteration. The same request may arrive more than once,
/// as when a process and its group are both signaled, so only a signal that comes later ends the program at once.
enum StopRequest {
  /// Nanoseconds after a first signal in which others are the same request.
  static let window: Int64 = 900_000_000
  /// Seconds after a signal within which a training must have begun that the request waits for.
  private static let patience: UInt32 = 4

  private static let signal = Atomic<Int32>(0)
  /// When the first signal came, on the monotonic clock; 0 before.
  private static let time = Atomic<Int64>(0)
  /// Whether there is something to lose that a request must wait for.
  private static let hasBegun = Atomic<Bool>(false)
  /// How the program ends by a signal before there is; below zero: by the signal's own code.
  private static let earlyExit = Atomic<Int32>(-1)

  /// The signal that asked, or nil.
  static var received: Int32? {
    let value = signal.load(ordering: .relaxed)
    return value == 0 ? nil : value
  }

  /// What asked, in words.
  static var reason: String? {
    switch received {
    case nil: nil
    case SIGHUP: "hung up"
    case SIGINT: "interrupted"
    case SIGTERM: "terminated"
    default: "asked to stop by SIGUSR1"
    }
  }

  /// How the program ends once the request was followed. Batch systems send SIGUSR1 ahead of a time limit: nothing is wrong.
  static var exitCode: Int32 { received.map(exitCode) ?? 0 }

  private static func exitCode(_ number: Int32) -> Int32 { number == SIGUSR1 ? 0 : 128 + number }

  /// From now on, these signals are requests. SIGHUP stays ignored where `nohup` has the program ignore it.
  ///
  /// - Parameter early: how the program ends when it is asked while there is nothing to lose yet, until ``begin()``, and that lasts
  ///   too long; nil: by the signal's own code.
  static func install(early: Int32? = nil) {
    _ = (received, time.load(ordering: .relaxed), hasBegun.load(ordering: .relaxed))  // must exist before a handler touches them
    earlyExit.store(early ?? -1, ordering: .relaxed)
    Foundation.signal(SIGALRM) { _ in StopRequest.giveUp() }
    for number in [SIGHUP, SIGINT, SIGTERM, SIGUSR1] where !(number == SIGHUP && isIgnored(number)) {
      Foundation.signal(number) { StopRequest.receive($0) }
      // Whoever started the program may have blocked the signal, and that is inherited.
      var set = sigset_t()
      sigemptyset(&set)
      sigaddset(&set, number)
      pthread_sigmask(SIG_UNBLOCK, &set, nil)
    }
  }

  /// From now on there is something to lose.
  static func begin() { hasBegun.store(true, ordering: .relaxed) }

  /// Whether a signal at `now` is another request than the one that came at `first`.
  static func isAnother(_ now: Int64, after first: Int64) -> Bool { now - first >= window }

  /// In a signal handler.
  private static func receive(_ number: Int32) {
    var clock = timespec()
    clock_gettime(CLOCK_MONOTONIC, &clock)
    let now = Int64(clock.tv_sec) * 1_000_000_000 + Int64(clock.tv_nsec)
    let (isFirst, first) = time.compareExchange(expected: 0, desired: now, ordering: .relaxed)
    if isFirst {
      signal.store(number, ordering: .relaxed)
      if !hasBegun.load(ordering: .relaxed) { alarm(patience) }
    } else if isAnother(now, after: first) {
      _exit(128 + number)
    }
  }

  /// In a signal handler: ends the program if nothing has begun that the request would wait for.
  private static func giveUp() {
    guard let received, !hasBegun.load(ordering: .relaxed) else { return }
    let early = earlyExit.load(ordering: .relaxed)
    _exit(early < 0 ? exitCode(received) : early)
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    guard sigaction(number, nil, &action) == 0 else { return false }
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
