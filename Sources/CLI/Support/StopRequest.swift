import Foundation
import Synchronization

/// SIGINT and SIGTERM as a request to end after the present iteration; a second one ends the program at once.
enum StopRequest {
  private static let signal = Atomic<Int32>(0)

  /// The signal that asked, or nil.
  static var received: Int32? {
    let value = signal.load(ordering: .relaxed)
    return value == 0 ? nil : value
  }

  /// From now on, these signals are requests.
  static func install() {
    _ = received  // the flag must exist before a handler touches it
    for number in [SIGINT, SIGTERM] {
      Foundation.signal(number) { number in
        if StopRequest.signal.exchange(number, ordering: .relaxed) != 0 { _exit(128 + number) }
      }
    }
  }
}
