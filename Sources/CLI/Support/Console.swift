import Basics
import Runs
@preconcurrency import Foundation  // for the C library's `stdout` and `stderr`

/// The program's standard streams. Results go to standard output by `print`; everything else goes through here.
enum Console {
  /// Makes each printed line visible at once, also in a pipe. A reader that goes away, as in `fadein list | head -1`, must not
  /// kill the program: the work of hours may hang on it. Nor must a limit on the size of files, which then fails a write with words.
  /// Unlike `SIG_IGN`, the handlers are not passed on to other programs.
  static func setUp() {
    openMissing()
    setvbuf(stdout, nil, _IOLBF, 0)
    for number in [SIGPIPE, SIGXFSZ] { signal(number) { _ in } }
  }

  /// Opens standard input, output and error if the program was started with them closed: the next file that is opened would take
  /// their number, and get every line that is printed.
  private static func openMissing() {
    for number in STDIN_FILENO...STDERR_FILENO where fcntl(number, F_GETFD) == -1 {
      // Each takes the lowest number that is free: this one. Where there is no such device the root folder holds it.
      if open("/dev/null", O_RDWR) == -1 { _ = open("/", O_RDONLY) }
    }
  }

  /// Sends a line to standard error.
  static func tell(_ text: String) {
    fputs(text + "\n", stderr)
  }

  /// Sends what is wrong to standard error.
  static func tell(_ diagnostics: Diagnostics) { tell(diagnostics.rendered) }

  /// Prints what is wrong as an object, if JSON was asked for.
  static func printFailure(_ diagnostics: Diagnostics) {
    guard let line = try? JSONLine.text(FailureJSON(diagnostics)) else { return }
    print(line)
    fflush(stdout)
  }

  /// Lines of what is left out for one reason; the rest is counted.
  private static let mostLines = 20

  /// Sends what is left out to standard error: a line each, and one for all others that have the same reason as many.
  static func tell(_ skipped: [RunCatalog.Skipped]) {
    var counts: [String: Int] = [:]
    for skipped in skipped {
      let count = counts[skipped.reason, default: 0] + 1
      counts[skipped.reason] = count
      guard count <= mostLines else { continue }
      tell(Diagnostics([Diagnostic("skipped: \(skipped.reason)", severity: .warning, file: skipped.path)]))
    }
    for (reason, count) in counts.sorted(by: { $0.key < $1.key }) where count > mostLines {
      tell(Diagnostics([Diagnostic("skipped \(count - mostLines) more: \(reason)", severity: .warning)]))
    }
  }

  /// Characters in a line of the terminal; nil for a file or a pipe, where lines are never cut.
  static var width: Int? {
    var size = winsize()
    guard isatty(STDOUT_FILENO) == 1, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  /// Prints `table`, on a terminal in its width; what has no room is named, and the option that gives all of it.
  static func show(_ table: Table, else option: String) {
    let width = width
    table.write(width: width) { print($0, terminator: "") }
    let hidden = table.hidden(width: width)
    if !hidden.isEmpty { print("too wide for this terminal: \(hidden.joined(separator: ", ")); \(option) has all columns") }
  }

  /// Sends out what was printed. Throws when some of it is lost, as on a full disk, but not when the reader has gone.
  static func finish() throws(Diagnostics) {
    guard fflush(stdout) != 0 || ferror(stdout) != 0 else { return }
    var output = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
    let hasReader = poll(&output, 1, 0) <= 0 || output.revents & Int16(POLLERR) == 0
    if hasReader { throw Diagnostics("the output could not be written to its end", exitCode: .ioError) }
  }
}
