import Foundation
import Synchronization

/// SIGINT, SIGTERM and SIGUSR1 as a request to end after the present iteration; a second one ends the program at once.
enum StopRequest {
  private static let signal = Atomic<Int32>(0)

  /// The signal that asked, or nil.
  static var received: Int32? {
    let value = signal.load(ordering: .relaxed)
    return value == 0 ? nil : value
  }

  /// What asked, in words.
  static var reason: String? {
    switch received {
    case nil: nil
    case SIGINT: "interrupted"
    case SIGTERM: "terminated"
    default: "asked to stop by SIGUSR1"
    }
  }

  /// How the program ends once the request was followed. Batch systems send SIGUSR1 ahead of a time limit: nothing is wrong.
  static var exitCode: Int32 {
    guard let received, received != SIGUSR1 else { return 0 }
    return 128 + received
  }

  /// From now on, these signals are requests.
  static func install() {
    _ = received  // the flag must exist before a handler touches it
    for number in [SIGINT, SIGTERM, SIGUSR1] {
      Foundation.signal(number) { number in
        if StopRequest.signal.exchange(number, ordering: .relaxed) != 0 { _exit(128 + number) }
      }
      // Whoever started the program may have blocked the signal, and that is inherited.
      var set = sigset_t()
      sigemptyset(&set)
      sigaddset(&set, number)
      pthread_sigmask(SIG_UNBLOCK, &set, nil)
    }
  }
}
