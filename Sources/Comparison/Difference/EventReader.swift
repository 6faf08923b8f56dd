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

  /// A file that is not a table of events.
  struct Damaged: Error {}

  /// Gives the events to `body` whose rows hold one of `words`. A run without the file has none. Throws ``Damaged`` when one cannot be
  /// read.
  static func forEach(
    _ run: RunDirectory, _ files: any FileSystem, among words: [String], _ body: (Event) throws -> Void
  ) throws {
    guard try files.fileStatus(of: run.events) != nil else { return }
    let file = try files.open(run.events, .read)
    defer { try? files.close(file) }
    var lines = LineReader(file, files)
    let header = Array(CSV.header(EventRow.columns).utf8)
    guard try lines.next()?.elementsEqual(header.dropLast()) == true else { throw Damaged() }
    while let line = try lines.next() {
      guard words.contains(where: { Self.holds(line, $0) }) else { continue }
      guard let row = try? CSVTable(header + line + [UInt8(ascii: "\n")]).rows.first else { throw Damaged() }
      try body(Event(iteration: Int(row[1]), name: row[2], detail: CSV.unguarded(row[3])))
    }
  }

  private static func holds(_ line: ArraySlice<UInt8>, _ word: String) -> Bool {
    let word = Array(word.utf8)
    return line.withUnsafeBytes { line in
      guard var rest = line.baseAddress else { return false }
      let end = rest + line.count
      while let found = memchr(rest, Int32(word[0]), end - rest), end - UnsafeRawPointer(found) >= word.count {
        if memcmp(found, word, word.count) == 0 { return true }
        rest = UnsafeRawPointer(found) + 1
      }
      return false
    }
  }
}
