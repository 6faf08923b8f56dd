import Basics
import Charts
import Comparison
import Runs

/// Every run with where it came from, and what was left out.
struct RunsSection {
  /// Rows of a table.
  private static let mostRows = 200
  /// More rows than this are folded away.
  private static let mostOpenRows = 24

  let content: ReportContent
  /// What is left out of runs that are shown, and why.
  private let skipped: [RunCatalog.Skipped]

  init(_ content: ReportContent, skipped: [RunCatalog.Skipped]) {
    self.content = content
    self.skipped = content.skipped + skipped
  }

  var html: HTML {
    let rows = content.groups.flatMap { group in group.members.map { (group, $0) } }
    let title = "\(NumberText.count(rows.count)) \(rows.count == 1 ? "run" : "runs")"
    return tag("section", ["id": "runs"]) {
      tag("h2") { "Runs" }
      if rows.count > Self.mostOpenRows {
        tag("details") {
          tag("summary") { title }
          table(rows)
        }
      } else {
        table(rows)
      }
      if rows.count > Self.mostRows {
        tag("p", ["class": "note"]) { "\(Self.mostRows) of \(title) are listed; fadein compare --csv has all." }
      }
      if !skipped.isEmpty || !content.repeated.isEmpty { leftOut }
    }
  }

  /// What is shown of every run, and on which side; circumstances only when they differ.
  private var columns: [(name: String, isNumber: Bool, text: (Measured) -> String)] {
    let all: [(name: String, isNumber: Bool, text: (Measured) -> String)] = [
      ("Status", false, { $0.run.status.rawValue }), ("Seed", true, { String($0.run.manifest.seed) }),
    ]
    let measures = content.metrics.map { metric in
      (name: metric, isNumber: true, text: { (run: Measured) in run.last[metric].map(NumberText.measure) ?? "–" })
    }
    let times: [(name: String, isNumber: Bool, text: (Measured) -> String)] = [
      ("Iterations", true, { NumberText.count($0.run.manifest.iterations) }),
      ("Time", true, { $0.run.seconds.map(NumberText.duration) ?? "–" }),
      ("Begun", false, { String($0.run.manifest.created.prefix(16)).replacing("T", with: " ") }),
    ]
    let circumstances = Self.circumstances.filter { Set(content.runs.map($0.text)).count > 1 }
    let others = circumstances.map { name, text in (name: name, isNumber: false, text: { (run: Measured) in text(run.run) }) }
    // A trial's label lists its settings, which stand above.
    let label = { (run: ComparedRun) in run.manifest.sweep == nil ? run.manifest.label : nil }
    let hasLabels = content.runs.contains { label($0) != nil }
    let labels = (name: "Label", isNumber: false, text: { (run: Measured) in HTML.cut(label(run.run) ?? "") })
    return all + measures + times + others + (hasLabels ? [labels] : [])
  }

  private static let circumstances: [(name: String, text: @Sendable (ComparedRun) -> String)] = [
    ("Processor", { $0.manifest.cpu }), ("Threads", { String($0.manifest.threads) }), ("Fadein", { $0.manifest.fadeinVersion }),
  ]

  /// What is the same for all runs, in words.
  private var common: String {
    let same = Self.circumstances.filter { Set(content.runs.map($0.text)).count == 1 }
    return same.map { "\($0.name): \($0.text(content.runs[0]))" }.joined(separator: " · ")
  }

  private func table(_ rows: [(ReportGroup, Measured)]) -> HTML {
    let columns = columns
    return HTML([
      common.isEmpty ? HTML() : tag("p") { common },
      HTML.scrolling("Runs") {
        tag("table") {
          tag("thead") {
            tag("tr") {
              tag("th", ["scope": "col"]) { tag("span", ["class": "hidden"]) { "Line" } }
              tag("th", ["scope": "col"]) { "Run" }
              HTML(
                columns.map { column in tag("th", ["scope": "col", "class": column.isNumber ? "number" : "text"]) { column.name } })
            }
          }
          tag("tbody") {
            HTML(
              rows.prefix(Self.mostRows).map { group, run in
                tag("tr") {
                  tag("td") { group.style?.swatch ?? HTML() }
                  tag("th", ["scope": "row"]) {
                    if group.runs.count == 1 && group.name == run.run.name || content.groups.count == 1 {
                      run.run.name
                    } else {
                      group.name
                      tag("small") { HTML.name(run.run.name) }
                    }
                  }
                  HTML(columns.map { column in tag("td", ["class": column.isNumber ? "number" : "text"]) { column.text(run) } })
                }
              })
          }
        }
      },
    ])
  }

  private var leftOut: HTML {
    let same = content.repeated.map { "\($0.name): another run has the same settings and seed" }
    let all = same + skipped.map { HTML.cut($0.path) + ": " + HTML.cut($0.reason) }
    return tag("details") {
      tag("summary") { "\(NumberText.count(all.count)) left out" }
      tag("ul") { HTML(all.prefix(Self.mostRows).map { text in tag("li") { text } }) }
    }
  }
}
