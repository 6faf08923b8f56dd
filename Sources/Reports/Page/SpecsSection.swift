import Charts
import Comparison

/// In what the specs differ, and what all of them say.
struct SpecsSection {
  let content: ReportContent

  /// Rows of a table; a spec has about a hundred settings.
  private static let mostRows = 300

  init(_ content: ReportContent) { self.content = content }

  var html: HTML {
    tag("section", ["id": "specs"]) {
      tag("h2") { "Specs" }
      if content.differing.isEmpty {
        tag("p") { content.runs.count == 1 ? "There is one run." : "All specs say the same, but for the seed." }
      } else {
        differences
      }
      tag("details") {
        tag("summary") { content.runs.count == 1 ? "Its settings" : "What all runs share" }
        HTML.scrolling("Shared settings") {
          tag("table") {
            tag("thead") {
              tag("tr") {
                tag("th", ["scope": "col"]) { "Setting" }
                tag("th", ["scope": "col"]) { "Value" }
              }
            }
            tag("tbody") { HTML(shared.map { row($0.path, [$0.value]) }) }
          }
        }
      }
    }
  }

  private var shared: [(path: String, value: String)] {
    let differing = Set(content.differing + ["seed", "name"])
    return content.runs[0].settings.items.filter { !differing.contains($0.path) }.prefix(Self.mostRows).map {
      ($0.path, HTML.cut($0.value))
    }
  }

  private var differences: HTML {
    HTML([
      tag("p") { "Settings that differ, as the resolved specs have them; the first setting of the summary comes first." },
      HTML.scrolling("Differences of the specs") {
        tag("table") {
          tag("thead") {
            tag("tr") {
              tag("th", ["scope": "col"]) { "Setting" }
              HTML(
                content.drawn.map { group in
                  tag("th", ["scope": "col"]) {
                    group.style?.swatch ?? HTML()
                    tag("small") { group.name }
                  }
                })
            }
          }
          tag("tbody") {
            HTML(
              content.differing.prefix(Self.mostRows).map { path in
                row(path, content.drawn.map { $0.value(path) ?? "–" })
              })
          }
        }
      },
    ])
  }

  private func row(_ path: String, _ values: [String]) -> HTML {
    tag("tr") {
      tag("th", ["scope": "row", "class": "path"]) { path }
      HTML(values.map { value in tag("td", ["class": "value"]) { value } })
    }
  }
}
