import Basics
import Runs

/// CSV files: read whole, and by their ends only.
enum CSVTarget {
  /// A table that is read has rows of equal length, and comes back from what is written of it.
  static func run(_ bytes: [UInt8]) throws {
    _ = try? LastRow(of: "a.csv", MemoryFileSystem(["a.csv": bytes]))
    let table: CSVTable
    do throws(CSVTable.Problem) {
      table = try CSVTable(bytes)
    } catch {
      let isShowable = error.description.printable.unicodeScalars.allSatisfy { !$0.isControl }
      return try BrokenLaw.unless(isShowable, "a message has no control characters")
    }
    try BrokenLaw.unless(table.rows.allSatisfy { $0.count == table.columns.count }, "every row has a field per column")
    let text = CSV.header(table.columns) + table.rows.map { CSV.line($0.map { .text($0) }) }.joined()
    let again = try? CSVTable(Array(text.utf8))
    try BrokenLaw.unless(again?.columns.map(CSV.unguarded) == table.columns, "the columns come back")
    try BrokenLaw.unless(again?.rows.map { $0.map(CSV.unguarded) } == table.rows, "the rows come back")
  }
}
