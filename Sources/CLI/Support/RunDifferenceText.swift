import Basics
import Comparison
import Runs

/// What `fadein why` prints.
struct RunDifferenceText {
  let difference: RunDifference
  /// The two runs, as they are named in the text.
  let names: [String]

  init(_ difference: RunDifference, _ runs: [RunDirectory]) {
    (self.difference, names) = (difference, runs.map(\.path.printable))
  }

  var text: String { table + (difference.metrics.map(metrics) ?? "metrics.csv: not in both of them yet\n") + incidents }

  /// Settings and circumstances that differ, or that none does.
  private var table: String {
    guard !difference.spec.changes.isEmpty || !difference.circumstances.isEmpty else {
      return "equal specs, images, versions of Fadein, processors and threads\n"
    }
    var table = Table(["DIFFERENT", names[0], names[1]].map { Table.Column($0) })
    for change in difference.spec.changes { table.append([change.path, change.first ?? "-", change.second ?? "-"]) }
    for other in difference.circumstances { table.append([other.name, other.first, other.second]) }
    return table.text
  }

  private func metrics(_ parting: MetricsParting) -> String {
    var lines: [String] = []
    for (name, columns) in zip(names, [parting.onlyFirst, parting.onlySecond]) where !columns.isEmpty {
      lines.append("only \(name) has \(columns.joined(separator: ", "))")
    }
    let counts = "of \(parting.firstCount) and \(parting.secondCount) rows"
    guard let row = parting.row else {
      let isSameHeader = parting.onlyFirst.isEmpty && parting.onlySecond.isEmpty
      let what = isSameHeader ? "the same bytes" : "the same in all columns that both have"
      lines.append("metrics.csv: \(what) as far as both go, \(parting.agreeing) \(counts)")
      return lines.map { $0 + "\n" }.joined()
    }
    let until = parting.lastIteration.map { ", up to iteration \($0)" } ?? ""
    let agreeing = parting.agreeing == 0 ? "no row agrees" : "\(parting.agreeing) \(counts) agree\(until)"
    lines.append("metrics.csv: \(agreeing)")
    let (cell, rest) = (row.cells[0], row.cells.dropFirst().map(\.column))
    lines.append("iteration \(row.iteration): \(cell.column) is \(cell.first) and \(cell.second)")
    if !rest.isEmpty { lines.append("in that row also differ: \(rest.joined(separator: ", "))") }
    return lines.map { $0.printable + "\n" }.joined()
  }

  private var incidents: String {
    difference.incidents.map { incident in
      let place = "\(incident.run.path) at iteration \(incident.iteration)"
      return "before that: \(place): \(incident.event.rawValue): \(incident.detail)".printable + "\n"
    }.joined()
  }
}
