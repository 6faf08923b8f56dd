import Basics

/// What was tried, how often, and how much of it failed.
struct Results {
  private var rows: [(name: String, tried: Int, failed: Int, skipped: String)] = []

  var hasFailed: Bool { rows.contains { $0.failed > 0 } }

  mutating func note(_ name: String, _ verdict: Verdict?) {
    let place = rows.firstIndex { $0.name == name } ?? rows.count
    if place == rows.count { rows.append((name, 0, 0, "")) }
    if case .skipped(let reason) = verdict {
      rows[place].skipped = reason
      return
    }
    rows[place].tried += 1
    if verdict != nil { rows[place].failed += 1 }
  }

  var table: String {
    var table = Table([.init(""), .init("tried", .right), .init("failed", .right), .init("", isOptional: true)])
    for row in rows {
      let isSkipped = !row.skipped.isEmpty
      table.append([row.name] + (isSkipped ? ["", "", "skipped: " + row.skipped] : [String(row.tried), String(row.failed), ""]))
    }
    return table.text
  }
}
