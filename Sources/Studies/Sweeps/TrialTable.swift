import Basics
import Spec

/// `trials.csv`: a row for each trial, in the order of their numbers.
package struct TrialTable: Equatable, Sendable {
  private static let head = ["trial", "status", "point", "repeat"]
  private static let tail = ["objective", "iterations", "failures", "directory", "detail"]
  static let largest = 32 << 20

  /// The settings that the trials differ in.
  package let paths: [String]
  package var trials: [Trial] = []

  /// A table without rows.
  package init(paths: [String]) { self.paths = paths }

  package static func columns(paths: [String]) -> [String] { head + (hasSeed(paths) ? ["seed"] : []) + paths + tail }

  /// Whether seeds have a column of their own: not when they are what the trials differ in.
  private static func hasSeed(_ paths: [String]) -> Bool { !paths.contains("seed") }

  /// Reads the file at `path`. Throws ``UnusableFile`` when it is not one of this sweep.
  package init(_ path: String, paths: [String], _ files: any FileSystem) throws {
    self.init(paths: paths)
    let bytes = try files.contents(of: path, limit: Self.largest)
    func damaged(_ reason: String) -> UnusableFile { UnusableFile(path, reason) }
    let table: CSVTable
    do throws(CSVTable.Problem) {
      table = try CSVTable(bytes)
    } catch {
      throw damaged("\(error)")
    }
    guard table.columns == Self.columns(paths: paths) else { throw damaged("its columns are not those of this sweep") }
    guard table.rows.count <= SweepSpec.mostTrials else { throw damaged("it has more trials than a sweep can have") }
    for (index, row) in table.rows.enumerated() {
      var fields = row.map(CSV.unguarded)
      if let seed = paths.firstIndex(of: "seed") { fields.insert(fields[Self.head.count + seed], at: Self.head.count) }
      guard let trial = Trial(fields, valueCount: paths.count), trial.number == index + 1 else {
        throw damaged("line \(index + 2) is not a trial")
      }
      trials.append(trial)
    }
  }

  /// The file's content.
  package var text: String {
    CSV.header(Self.columns(paths: paths)) + trials.map { CSV.line($0.cells(hasSeed: Self.hasSeed(paths))) }.joined()
  }

  /// Puts the table at `path`, whole and durable.
  package func write(to path: String, _ files: any FileSystem) throws(FileError) {
    try AtomicFile.write(text, to: path, in: files)
  }

  package subscript(number: Int) -> Trial {
    get { trials[number - 1] }
    set { trials[number - 1] = newValue }
  }
}

extension Trial {
  fileprivate func cells(hasSeed: Bool) -> [CSVCell] {
    let head: [CSVCell] = [.integer(number), .text(status.rawValue), .integer(point), .integer(`repeat`)]
    return head + (hasSeed ? [.text(String(seed))] : []) + values.map(Self.cell)
      + [.optional(objective), .integer(iterations), .integer(failures), .text("trials/\(name)"), .text(detail)]
  }

  /// A value in a table: a number as such, so that nothing is put before its sign.
  package static func cell(_ text: String) -> CSVCell {
    if let integer = Int(text), String(integer) == text { return .integer(integer) }
    if let number = Double(text), number.isFinite { return .double(number) }
    return .text(text)
  }

  /// More than any sweep needs, and small enough to compute with.
  private static let mostFailures = 1_000_000_000
  private static let mostIterations = 1 << 48

  fileprivate init?(_ row: [String], valueCount: Int) {
    let tail = Array(row.dropFirst(5 + valueCount))
    guard let number = Int(row[0]), number >= 1, let status = Status(rawValue: row[1]), let point = Int(row[2]),
      let `repeat` = Int(row[3]), let seed = UInt64(row[4]), tail[0].isEmpty || Double(tail[0]) != nil,
      let iterations = Int(tail[1]), let failures = Int(tail[2]), (1...SweepSpec.mostTrials).contains(point),
      (0...Self.mostFailures).contains(failures), (0...Self.mostIterations).contains(iterations),
      (1...SweepSpec.mostTrials).contains(`repeat`)
    else { return nil }
    self.init(number: number, point: point, repeat: `repeat`, seed: seed, values: Array(row[5..<5 + valueCount]))
    self.status = status
    objective = Double(tail[0])
    self.iterations = iterations
    self.failures = failures
    detail = tail[4]
  }
}
