import Basics
import Runs

/// Passes a run's words on and keeps those that stay in `log.txt`.
package final class RunLog: ProgressSink {
  private let sink: any ProgressSink
  private let files: any FileSystem
  private let path: String
  private var file: OpenFile

  package init(_ run: RunDirectory, _ sink: any ProgressSink, in files: any FileSystem) throws {
    self.sink = sink
    self.files = files
    path = run.log
    file = try files.open(path, .append)
  }

  deinit { try? files.close(file) }

  package var isLive: Bool { sink.isLive }

  package func line(_ text: String) {
    let text = text.printable
    sink.line(text)
    // A log that cannot be written must not end the training; what counts is in the CSV files.
    reopen()
    try? files.writeAll(Array((text + "\n").utf8), to: file)
  }

  /// Continues in the file that is at the path now, if the old one was replaced or removed.
  private func reopen() {
    guard let own = try? files.status(of: file), (try? files.status(of: path))??.identity != own.identity,
      let again = try? files.open(path, .append)
    else { return }
    try? files.close(file)
    file = again
  }

  package func transient(_ text: String) { sink.transient(text) }
}
