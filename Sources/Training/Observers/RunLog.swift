import Basics
import Runs

/// Passes a run's words on and keeps those that stay in `log.txt`.
package final class RunLog: ProgressSink {
  private let sink: any ProgressSink
  private let files: any FileSystem
  private let file: OpenFile

  package init(_ run: RunDirectory, _ sink: any ProgressSink, in files: any FileSystem) throws {
    (self.sink, self.files) = (sink, files)
    file = try files.open(run.log, .append)
  }

  deinit { try? files.close(file) }

  package var isLive: Bool { sink.isLive }

  package func line(_ text: String) {
    let text = text.printable
    sink.line(text)
    // A log that cannot be written must not end the training; what counts is in the CSV files.
    try? files.writeAll(Array((text + "\n").utf8), to: file)
  }

  package func transient(_ text: String) { sink.transient(text) }
}
