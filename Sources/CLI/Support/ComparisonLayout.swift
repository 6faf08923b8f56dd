import ArgumentParser
import Basics
import Comparison
import Foundation
import Runs
import Spec
import Studies

/// Which rows and columns of a comparison are shown, and where.
struct ComparisonLayout: ParsableArguments {
  @Option(help: ArgumentHelp("Only these columns, with patterns: 'metrics.*,params.optimizer.adam.rate'.", valueName: "names"))
  var columns: String?

  @Flag(
    inversion: .prefixedNo,
    help: ArgumentHelp("Settings that all runs have alike are left out of the table; the CSV has them anyway."))
  var onlyChanged = true

  @Flag(help: "The same as --no-only-changed.")
  var allParams = false

  @Option(
    help: ArgumentHelp(
      "Only rows like these: 'params.optimizer.adam.rate < 1e-3 and metrics.swd_mean < 20'.", valueName: "condition"))
  var filter: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The column to sort by; '-' before it begins with the largest.", valueName: "column"))
  var sort: String?

  @Option(help: ArgumentHelp("Only the first rows.", valueName: "n"))
  var top: Int?

  @Option(
    help: ArgumentHelp("Save all columns, or those of --columns; '-' prints them instead of the table.", valueName: "file.csv"),
    completion: .file(extensions: ["csv"]))
  var csv: String?

  @Flag(help: "Print one JSON object a row instead of the table, keyed by the columns of the CSV.")
  var json = false

  @OptionGroup var output: OutputArguments

  func validate() throws {
    if json, csv == "-" { throw ValidationError("--json and '--csv -' both are for standard output") }
    if let top, top < 1 { throw ValidationError("--top must be from 1 on, not \(top)") }
  }

  /// Throws when the CSV file that was asked for may not be written.
  func checkOutput() throws {
    if let csv, csv != "-" { try output.files().check([csv], .comparison) }
  }

  /// What was chosen of the columns that there are.
  struct Choice {
    let shown: [ColumnName]
    let saved: [ColumnName]
    let filter: Filter?
    let sort: (column: ColumnName, isDescending: Bool)?
    /// The metrics that must be read.
    let metrics: [String]
    /// The sweep that all runs belong to.
    let sweep: SweepFacts?
  }

  /// What was chosen of `columns`. Throws when there is no such column or no such condition.
  func choice(_ columns: ColumnIndex, _ sweep: SweepFacts?) throws(Diagnostics) -> Choice {
    let chosen = try self.columns.map { (names) throws(Diagnostics) in try named(names, columns) }
    let shown = chosen.map { [.run] + $0.filter { $0 != .run } } ?? usual(columns, sweep)
    let saved = csv == nil && !json ? [] : chosen ?? columns.all
    let filter = try self.filter.map { (text) throws(Diagnostics) in try Filter(text, columns: columns) }
    let sort = try self.sort.map { (name) throws(Diagnostics) in
      let isDescending = name.hasPrefix("-")
      return (column: try column(isDescending ? String(name.dropFirst()) : name, "--sort", columns), isDescending: isDescending)
    }
    var wanted = Set(saved + (csv == "-" || json ? [] : shown)).union(filter?.columns ?? [])
    if let sort { wanted.insert(sort.column) }
    let metrics = columns.metrics.filter { wanted.contains(.metric($0)) }
    return Choice(shown: shown, saved: saved, filter: filter, sort: sort, metrics: metrics, sweep: sweep)
  }

  /// Bytes of a CSV file that are written at a time.
  private static let pieceBytes = 1 << 16

  /// Prints the table with `notes` below it, or saves it.
  func show(
    _ table: ComparisonTable, _ choice: Choice, _ reference: Reference?, notes: [String], _ files: any FileSystem
  ) throws {
    if let csv {
      let isForTerminal = csv == "-" && isatty(STDOUT_FILENO) == 1
      let saved = ComparisonCSV(table, columns: choice.saved, reference: reference, isForTerminal: isForTerminal)
      if csv == "-" { return saved.write { print($0, terminator: "") } }
      // Piece by piece: a hundred thousand rows are no text that has to be in memory.
      try output.files(files).write(to: csv, .comparison) { (file) throws(FileError) in
        var piece: [UInt8] = []
        try saved.write { (line) throws(FileError) in
          piece += line.utf8
          if piece.count < Self.pieceBytes { return }
          try files.writeAll(piece, to: file)
          piece = []
        }
        try files.writeAll(piece, to: file)
      }
    }
    if json {
      for row in ComparisonJSON.rows(table, ComparisonCSV(table, columns: choice.saved, reference: reference)) {
        print(try JSONLine.text(row))
      }
      return
    }
    let shown = columns == nil ? choice.shown.filter { tells($0, table) } : choice.shown
    let text = ComparisonText(
      table, columns: shown, reference: reference, sweep: choice.sweep,
      measures: Language.fadein.measured, width: Console.width)
    text.table.write { print($0, terminator: "") }
    let notes = text.notes + notes
    if !notes.isEmpty { print("\n" + notes.map { $0.printable + "\n" }.joined(), terminator: "") }
  }

  /// Whether a column that nobody asked for says something: seeds are counted for repeats, and the labels of trials repeat their
  /// settings.
  private func tells(_ column: ColumnName, _ table: ComparisonTable) -> Bool {
    switch column {
    case .label: table.rows.contains { $0.runs.contains { $0.manifest.label != nil && $0.manifest.sweep == nil } }
    case .setting("seed"): !table.isGrouped
    case .metric: table.rows.contains { table.cell($0, column) != .empty }
    default: true
    }
  }

  /// Trials of a sweep are called by their settings, which come first; their names, which can be typed, come last.
  private func usual(_ columns: ColumnIndex, _ sweep: SweepFacts?) -> [ColumnName] {
    let settings = onlyChanged && !allParams ? columns.settings.filter(columns.changed.contains) : columns.settings
    let losses = NetworkRole.allCases.map { Column.loss($0).name }
    let usual = [sweep?.metric].compactMap { $0 } + Language.fadein.measured.names(at: .everywhere) + losses
    var metrics: [String] = []
    for metric in usual where columns.metrics.contains(metric) && !metrics.contains(metric) { metrics.append(metric) }
    guard sweep != nil, !settings.isEmpty else {
      return [.run, .status, .label] + settings.map(ColumnName.setting) + metrics.map(ColumnName.metric)
    }
    return settings.map(ColumnName.setting) + metrics.map(ColumnName.metric) + [.status, .label, .run]
  }

  /// The columns of a list such as `metrics.*,params.seed`.
  private func named(_ text: String, _ columns: ColumnIndex) throws(Diagnostics) -> [ColumnName] {
    var found: [ColumnName] = []
    for name in text.split(separator: ",").map({ $0.trimmingCharacters(in: .whitespaces) }) where !name.isEmpty {
      let matches = columns.matches(of: name)
      if matches.isEmpty { _ = try column(name, "--columns", columns) }
      found += matches.filter { !found.contains($0) }
    }
    return found
  }

  private func column(_ name: String, _ option: String, _ columns: ColumnIndex) throws(Diagnostics) -> ColumnName {
    if let column = columns[name] { return column }
    let suggestion = columns.suggestion(for: name)
    let note = suggestion == nil ? "'--columns \"*\"' shows all columns" : nil
    throw Diagnostics(
      "\(option): there is no column '\(name.shortened)'", note: note, suggestion: suggestion, exitCode: .usage)
  }
}
