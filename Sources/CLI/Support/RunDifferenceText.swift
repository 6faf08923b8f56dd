import Basics
import Comparison
import Runs

/// What `fadein why` prints.
struct RunDifferenceText {
  let difference: RunDifference
  /// The two runs, as they are named in the text.
  let names: [String]

  init(_ difference: RunDifference, _ runs: [RunDirectory]) {
    self.difference = difference
    names = runs.map(\.path.printable)
  }

  var text: String { table + (difference.metrics.map(metrics) ?? "metrics.csv: not in both of them yet\n") + incidents }

  /// Settings and circumstances that differ, or that none does.
  private var table: String {
    guard !difference.spec.changes.isEmpty || !difference.circumstances.isEmpty else {
      return "equal specs, images, versions of Fadein, processors and threads\n"
    }
    var table = Table(["DIFFERENT", names[0], names[1]].map { Table.Column($0) })
    for change in difference.spec.changes.prefix(Self.mostChanges) {
      table.append([change.path, change.first ?? "-", change.second ?? "-"].map(Self.cut))
    }
    for other in difference.circumstances { table.append([other.name, other.first, other.second].map(Self.cut)) }
    let more = difference.spec.changes.count - Self.mostChanges
    return table.text(width: Console.width) + (more > 0 ? "and \(more) more settings\n" : "")
  }

  /// Rows of settings; a spec has about a hundred.
  private static let mostChanges = 200
  /// Columns that a sentence names.
  private static let mostColumns = 30

  /// As much of a foreign text as a table has room for.
  private static func cut(_ text: String) -> String {
    let start = text.unicodeScalars.prefix(longestCell + 1)
    return start.count <= longestCell ? text : String(start.dropLast()) + "..."
  }

  private static let longestCell = 100

  private static func list(_ columns: [String]) -> String {
    let more = columns.count - mostColumns
    return columns.prefix(mostColumns).map(cut).joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
  }

  private func metrics(_ parting: MetricsParting) -> String {
    var lines: [String] = []
    for (name, columns) in zip(names, [parting.onlyFirst, parting.onlySecond]) where !columns.isEmpty {
      lines.append("only \(name) has \(Self.list(columns))")
    }
    let counts = "of \(parting.firstCount) and \(parting.secondCount) rows"
    guard let row = parting.row else {
      let isSameHeader = parting.onlyFirst.isEmpty && parting.onlySecond.isEmpty
      let what = isSameHeader ? "the same bytes" : "the same in all columns that both have"
      lines.append("metrics.csv: \(what) as far as both go, \(parting.agreeing) \(counts)")
      return lines.map { $0.printable + "\n" }.joined()
    }
    let until = parting.lastIteration.map { ", up to iteration \(Self.cut($0))" } ?? ""
    let agreeing = parting.agreeing == 0 ? "no row agrees" : "\(parting.agreeing) \(counts) agree\(until)"
    lines.append("metrics.csv: \(agreeing)")
    let (cell, rest) = (row.cells[0], row.cells.dropFirst().map(\.column))
    lines.append(
      "iteration \(Self.cut(row.iteration)): \(Self.cut(cell.column)) is \(Self.cut(cell.first)) and \(Self.cut(cell.second))")
    if !rest.isEmpty { lines.append("in that row also differ: \(Self.list(rest))") }
    return lines.map { $0.printable + "\n" }.joined()
  }

  private var incidents: String {
    difference.incidents.map { incident in
      let place = "\(incident.run.path) at iteration \(incident.iteration)"
      return "before that: \(place): \(incident.event.rawValue): \(Self.cut(incident.detail))".printable + "\n"
    }.joined()
  }
}
