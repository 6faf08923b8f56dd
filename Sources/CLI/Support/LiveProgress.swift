import Basics
import Foundation
import Training

/// A training's words on the terminal, or in the file or pipe in its place.
final class LiveProgress: ProgressSink {
  let isLive: Bool
  private let isQuiet: Bool
  private var hasTransient = false

  init(quiet: Bool) {
    isQuiet = quiet
    isLive = !quiet && isatty(STDOUT_FILENO) == 1
  }

  func line(_ text: String) {
    guard !isQuiet else { return }
    // Texts of a run may be anybody's.
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0).printable }
    write((hasTransient ? "\r\u{1b}[K" : "") + lines.joined(separator: "\n") + "\n")
    hasTransient = false
  }

  func transient(_ text: String) {
    guard isLive else { return }
    // Cut to the terminal's width: a line that wraps could not be replaced.
    write("\r\u{1b}[K" + text.prefix(max(20, width - 1)))
    hasTransient = true
  }

  private var width: Int {
    var size = winsize()
    return ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
  }

  private func write(_ text: String) {
    print(text, terminator: "")
    fflush(nil)
  }
}
