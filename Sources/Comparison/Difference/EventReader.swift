import Basics
import Glibc
import Runs

/// The rows of a run's `events.csv`, one after the other in memory of constant size.
enum EventReader {
  /// What happened to a run.
  struct Event {
    /// Nil if it is not a number.
    let iteration: Int?
    let name: String
    let detail: String
  }

  /// Gives the events to `body` whose rows hold one of `words`. A run without the file has none. Throws ``UnusableFile`` when one
  /// cannot be read.
  static func forEach(
    _ run: RunDirectory, among words: [String], _ buffer: TableBuffer, _ files: any FileSystem, _ body: (Event) throws -> Void
  ) throws {
    guard try files.fileStatus(of: run.events) != nil else { return }
    let file = try files.open(run.events, .read)
    defer { try? files.close(file) }
    var rows = try TextRows(file, .texts, buffer, files)
    guard rows.header.columns == EventRow.columns.map(\.name) else {
      throw UnusableFile(run.events, "its columns are not those of events")
    }
    while let line = try rows.next() {
      guard words.contains(where: { holds(line, $0) }) else { continue }
      let fields = try rows.row(line).fields
      try body(Event(iteration: Int(fields[1]), name: fields[2], detail: CSV.unguarded(fields[3])))
    }
  }

  private static func holds(_ line: FileLines.Bytes, _ word: String) -> Bool {
    let word = Array(word.utf8)
    guard var rest = UnsafeRawPointer(line.baseAddress) else { return false }
    let end = rest + line.count
    while let found = memchr(rest, Int32(word[0]), end - rest), end - UnsafeRawPointer(found) >= word.count {
      if memcmp(found, word, word.count) == 0 { return true }
      rest = UnsafeRawPointer(found) + 1
    }
    return false
  }
}
