import Basics
import Glibc

/// The end of a program that gets no memory. What commands need is compared with what there is before they begin, so this is for what
/// others have taken since.
enum OutOfMemory {
  /// Says so and ends the program as if it were killed: what a run has recorded stays, and it can be resumed.
  static func end(bytes: Int) -> Never {
    let words =
      "error: the system gives no memory for \(NotEnoughMemory.text(max(bytes, 1_000_000))) more\n"
    words.utf8.withContiguousStorageIfAvailable {
      _ = write(STDERR_FILENO, $0.baseAddress, $0.count)
    }
    _exit(ExitCode.systemLimit.rawValue)
  }
}
