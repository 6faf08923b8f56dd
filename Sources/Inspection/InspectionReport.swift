import Basics
import Images

/// An inspection as tables for a terminal.
package struct InspectionReport: Sendable {
  private let inspection: Inspection
  /// Rows of a table; the rest is counted.
  private let longest: Int

  /// The report of `inspection`, each table with at most `longest` rows.
  package init(_ inspection: Inspection, longest: Int = 10) { (self.inspection, self.longest) = (inspection, longest) }

  /// All of it: the numbers, how pixels are stored, what was rejected, groups of look-alikes, the most irregular.
  package var text: String {
    [summary, kinds, rejections, copies, groups, irregular].filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private var summary: String {
    let (rejected, copies) = (inspection.rejected.count, inspection.copies.count)
    let alike = inspection.groups.reduce(0) { $0 + $1.members.count }
    var table = Table([Table.Column("FILES", .right), Table.Column("")])
    table.append(["\(inspection.files.count)", "in all"])
    table.append(["\(inspection.ranking.count)", "different images"])
    table.append(["\(copies)", copies == 1 ? "copy of another" : "copies of others"])
    table.append(["\(rejected)", "rejected"])
    let turned = inspection.files.count { $0.isTurned }
    if turned > 0 {
      table.append(["\(turned)", "turned upright, as \(turned == 1 ? "its eXIf orientation says" : "their eXIf orientation says")"])
    }
    let groups = inspection.groups.count
    table.append(["\(alike)", "images in \(groups) \(groups == 1 ? "group" : "groups") of look-alikes"])
    return table.text
  }

  /// How often each size, color type and so on occurs.
  private var kinds: String {
    let headers = inspection.standings.indices.compactMap { number -> ImageHeader? in
      if case .rejected = inspection.standings[number] { nil } else { inspection.files[number].header }
    }
    let aspects: (ImageHeader) -> String = { Self.aspect($0.width, $0.height) }
    let counted: [(String, (ImageHeader) -> String)] = [
      ("size", { "\($0.width)x\($0.height)" }), ("aspect", aspects), ("color", { $0.color.description }),
      ("depth", { "\($0.depth) bits" }), ("alpha", { $0.hasAlpha ? "yes" : "no" }),
    ]
    guard !headers.isEmpty else { return "" }
    var table = Table([Table.Column("PROPERTY"), Table.Column("VALUE"), Table.Column("IMAGES", .right)])
    for (property, value) in counted {
      let counts = Dictionary(headers.map { (value($0), 1) }, uniquingKeysWith: +)
      let rows = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      for row in rows.prefix(longest) { table.append([property, row.key, "\(row.value)"]) }
      if rows.count > longest {
        table.append([property, "\(rows.count - longest) others", "\(rows[longest...].reduce(0) { $0 + $1.value })"])
      }
    }
    return table.text
  }

  private var rejections: String {
    rows(
      inspection.rejected.map { number in
        guard case .rejected(let reason) = inspection.standings[number] else { return [] }
        return [inspection.files[number].path, reason]
      }, of: [Table.Column("REJECTED"), Table.Column("REASON")])
  }

  private var copies: String {
    rows(
      inspection.copies.map { number in
        guard case .copy(let first) = inspection.standings[number] else { return [] }
        return [inspection.files[number].path, inspection.files[first].path]
      }, of: [Table.Column("COPY"), Table.Column("OF")])
  }

  private var groups: String {
    rows(
      inspection.groups.enumerated().map { number, group in
        let others = group.members.filter { $0 != group.leader }.map { inspection.files[$0].path.shortened }
        let shown = others.prefix(4).joined(separator: " ") + (others.count > 4 ? " and \(others.count - 4) more" : "")
        return ["\(number + 1)", "\(group.members.count)", inspection.files[group.leader].path.shortened, shown]
      }, of: [Table.Column("GROUP", .right), Table.Column("IMAGES", .right), Table.Column("LEADER"), Table.Column("LOOK ALIKE")])
  }

  private var irregular: String {
    rows(
      inspection.ranking.enumerated().compactMap { rank, number in
        guard let irregularity = inspection.irregularities[number] else { return nil }
        let score = (irregularity.score < 0 ? "-" : "+") + fixed(abs(irregularity.score))
        return ["\(rank + 1)", inspection.files[number].path, fixed(irregularity.value), "\(irregularity.measure) \(score)"]
      },
      of: [
        Table.Column("RANK", .right), Table.Column("IMAGE"), Table.Column("IRREGULARITY", .right), Table.Column("MOSTLY"),
      ])
  }

  /// A table of the first rows and a line that counts the rest; nothing if there are no rows.
  private func rows(_ rows: [[String]], of columns: [Table.Column]) -> String {
    guard !rows.isEmpty else { return "" }
    var table = Table(columns)
    for row in rows.prefix(longest) { table.append(row) }
    return table.text + (rows.count > longest ? "and \(rows.count - longest) more\n" : "")
  }

  /// With one digit after the point.
  private func fixed(_ value: Double) -> String {
    let tenths = Int(min(value * 10, 1e15).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }

  /// Width to height in lowest terms, as in `4:3`.
  private static func aspect(_ width: Int, _ height: Int) -> String {
    var (a, b) = (width, height)
    while b > 0 { (a, b) = (b, a % b) }
    return a == 0 ? "\(width):\(height)" : "\(width / a):\(height / a)"
  }
}
