import Basics
import Comparison
import Runs

/// Every run with where it came from, and what was left out.
struct RunsSection {
  /// Rows of a table.
  private static let mostRows = 200
  /// More rows than this are folded away.
  private static let mostOpenRows = 24

  let content: ReportContent

  init(_ content: ReportContent) { self.content = content }

  var html: HTML {
    let rows = content.groups.flatMap { group in group.runs.map { (group, $0) } }
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
      if !content.skipped.isEmpty { skipped }
    }
  }

  private static let columns = [
    "Run", "Status", "Label", "Seed", "Iterations", "Time", "Started", "Processor", "Threads", "Fadein",
  ]

  private func table(_ rows: [(ReportGroup, ComparedRun)]) -> HTML {
    HTML.scrolling("Runs") {
      tag("table") {
        tag("thead") {
          tag("tr") {
            tag("th", ["scope": "col"]) { tag("span", ["class": "hidden"]) { "Line" } }
            HTML(Self.columns.map { name in tag("th", ["scope": "col"]) { name } })
            HTML(content.metrics.map { metric in tag("th", ["scope": "col", "class": "number"]) { metric } })
          }
        }
        tag("tbody") { HTML(rows.prefix(Self.mostRows).map { row($0, $1) }) }
      }
    }
  }

  private func row(_ group: ReportGroup, _ run: ComparedRun) -> HTML {
    let manifest = run.manifest
    let facts: [String] = [
      run.status.rawValue, manifest.label ?? "", String(manifest.seed), NumberText.count(manifest.iterations),
      run.seconds.map(NumberText.duration) ?? "–", String(manifest.created.prefix(16)).replacing("T", with: " "), manifest.cpu,
      String(manifest.threads), manifest.fadeinVersion,
    ]
    return tag("tr") {
      tag("td") { group.style?.swatch ?? HTML() }
      tag("th", ["scope": "row"]) { run.name }
      HTML(facts.map { fact in tag("td") { fact } })
      HTML(
        content.metrics.map { metric in
          tag("td", ["class": "number"]) { content.last[run, metric].map { NumberText.short($0) } ?? "–" }
        })
    }
  }

  private var skipped: HTML {
    tag("details") {
      tag("summary") { "\(NumberText.count(content.skipped.count)) left out" }
      tag("ul") {
        HTML(content.skipped.prefix(Self.mostRows).map { skipped in tag("li") { "\(skipped.path): \(skipped.reason)" } })
      }
    }
  }
}
