import Basics

/// `dataset.csv`: every image that was found, and whether it is used.
package enum DatasetCSV {
  /// What is written and read: no run begins whose list could not be read back.
  package static let limits = {
    var limits = CSVTable.Limits()
    (limits.fileBytes, limits.rows) = (512 << 20, 2_000_000)
    limits.fields = limits.rows * DatasetRow.columns.count
    return limits
  }()

  /// A list of more images than a run can have. The description says how many.
  package struct TooLarge: UserFacingError, Equatable {
    package let files: Int
    package let bytes: Int
    package var exitCode: ExitCode { .badData }
    package var description: String {
      "the image folder has \(files) image files, whose list dataset.csv would have \(bytes) bytes: a run takes up to "
        + "\(limits.rows) files and \(limits.fileBytes) bytes of list"
    }
  }

  /// Writes the whole file at once.
  package static func write(_ rows: [DatasetRow], to path: String, in files: any FileSystem) throws(FileError) {
    try AtomicFile.write(text(rows), to: path, in: files)
  }

  /// The file's content. Its digest is the dataset's hash when paths are relative to the data folder.
  package static func text(_ rows: [DatasetRow]) -> String {
    CSV.header(DatasetRow.columns) + rows.map { CSV.line($0.cells) }.joined()
  }

  /// Throws when the list of `rows` could not be read back.
  package static func check(_ rows: [DatasetRow], limits: CSVTable.Limits = limits) throws(TooLarge) {
    let bytes = rows.reduce(CSV.header(DatasetRow.columns).utf8.count) { $0 + CSV.line($1.cells).utf8.count }
    guard rows.count <= limits.rows, bytes <= limits.fileBytes else { throw TooLarge(files: rows.count, bytes: bytes) }
  }

  /// The rows of the file's content. Throws when it is not such a file.
  package static func rows(_ bytes: [UInt8], limits: CSVTable.Limits = limits) throws(CSVTable.Problem) -> [DatasetRow] {
    var rows: [DatasetRow] = []
    try read(bytes, limits: limits) { rows.append($0) }
    return rows
  }

  /// Gives each row of the file's content to `body`. Throws when it is not such a file, which may be after some rows.
  package static func read(
    _ bytes: [UInt8], limits: CSVTable.Limits = limits, _ body: (DatasetRow) -> Void
  ) throws(CSVTable.Problem) {
    var isOurs = true
    let (columns, hasTornEnd) = try CSVTable.read(bytes, limits: limits) { cells in
      guard cells.count == DatasetRow.columns.count else { return isOurs = false }
      body(
        DatasetRow(
          path: CSV.unguarded(cells[0]), sha256: cells[1].isEmpty ? nil : cells[1], bytes: Int(cells[2]), width: Int(cells[3]),
          height: Int(cells[4]), isUsed: cells[5] == "yes", reason: CSV.unguarded(cells[6])))
    }
    guard isOurs, columns == DatasetRow.columns.map(\.name) else { throw .otherColumns }
    guard !hasTornEnd else { throw .tornEnd }
  }
}

/// One row of `dataset.csv`.
package struct DatasetRow: Equatable, Sendable {
  /// Relative to the data folder.
  package let path: String
  /// Of the file; nil when it could not be read.
  package let sha256: String?
  /// Of the file; nil when it was not read.
  package let bytes: Int?
  /// In pixels; nil if it is not an image.
  package let width: Int?
  package let height: Int?
  package let isUsed: Bool
  /// Why it is not used; empty when it is.
  package let reason: String

  /// The row of one file.
  package init(path: String, sha256: String?, bytes: Int?, width: Int?, height: Int?, isUsed: Bool, reason: String = "") {
    self.path = path
    self.sha256 = sha256
    self.bytes = bytes
    self.width = width
    self.height = height
    self.isUsed = isUsed
    self.reason = reason
  }

  package static let columns = [
    Column("path", .text, "The file's path below the data folder"), Column("sha256", .text, "The file's hash"),
    Column("bytes", .count, "The file's size"), Column("width", .count, "Columns of pixels, as stored"),
    Column("height", .count, "Rows of pixels, as stored"), Column("used", .text, "yes or no"),
    Column("reason", .text, "Why it is not used"),
  ]

  package var cells: [CSVCell] {
    [
      .text(path), sha256.map { .text($0) } ?? .empty, bytes.map { .integer($0) } ?? .empty, width.map { .integer($0) } ?? .empty,
      height.map { .integer($0) } ?? .empty, .text(isUsed ? "yes" : "no"), .text(reason),
    ]
  }
}
