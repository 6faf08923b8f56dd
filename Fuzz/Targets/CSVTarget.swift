import Basics
import Runs

/// CSV files: read whole, and by their ends only.
enum CSVTarget {
  /// A table that is read has rows of equal length, and comes back from what is written of it.
  static func run(_ bytes: [UInt8]) throws {
    let files = MemoryFileSystem(["a.csv": bytes])
    _ = try? TableRow(lastOf: "a.csv", files)
    try lines(bytes, files)
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

  /// What is read line by line has as many fields as columns, and is read alike however the lines are found.
  private static func lines(_ bytes: [UInt8], _ files: MemoryFileSystem) throws {
    guard let table = try? TableFile("a.csv", files) else { return }
    var numbers = 0
    try? table.forEachRow(table.columns, files) { _ in numbers += 1 }
    let file = try files.open("a.csv", .read)
    var rows = try TextRows(file, .texts, TableBuffer(), files)
    try BrokenLaw.unless(rows.header == table.header, "both read the same header")
    var texts = 0
    while let line = try? rows.next(), let row = try? rows.row(line) {
      try BrokenLaw.unless(row.fields.count == table.columns.count, "every row has a field per column")
      texts += 1
    }
    try BrokenLaw.unless(numbers <= texts, "a row of numbers is a row")
  }
}
