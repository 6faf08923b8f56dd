import Comparison

/// The table of all settings with what their runs measured.
struct SummarySection {
  /// Rows of the table; more would not be read.
  private static let mostRows = 100
  /// Columns for settings; the others are below.
  private static let mostSettings = 6

  let content: ReportContent

  init(_ content: ReportContent) { self.content = content }

  private var settings: [String] { Array(content.differing.prefix(Self.mostSettings)) }

  var html: HTML {
    tag("section", ["id": "summary"]) {
      tag("h2") { "Summary" }
      tag("p") { explanation }
      HTML.scrolling("Summary") {
        tag("table", ["class": "summary"]) {
          tag("thead") { header }
          tag("tbody") { HTML(content.groups.prefix(Self.mostRows).map(row)) }
        }
      }
      if content.groups.count > Self.mostRows {
        tag("p", ["class": "note"]) {
          "\(Self.mostRows) of \(NumberText.count(content.groups.count)) settings are shown; fadein compare --csv has all."
        }
      }
    }
  }

  private var explanation: String {
    let order = content.objective.map { "Sorted by \($0.metric), \($0.isMaximised ? "highest" : "lowest") first. " } ?? ""
    let numbers =
      content.hasRepeats
      ? "Numbers are the last ones of each run: the mean of the repeats ± how far its 95% interval reaches (Student’s t). One run alone "
        + "has no interval."
      : "Numbers are the last ones of each run. There is one run of each setting, so nothing tells how much of a difference is chance."
    return order + numbers
  }

  private var header: HTML {
    tag("tr") {
      tag("th", ["scope": "col"]) { tag("span", ["class": "hidden"]) { "Line" } }
      if settings.isEmpty { tag("th", ["scope": "col"]) { "Runs" } }
      HTML(settings.map { path in tag("th", ["scope": "col", "title": path]) { content.names[path] } })
      tag("th", ["scope": "col", "class": "number"]) { "runs" }
      HTML(content.metrics.map { metric in tag("th", ["scope": "col", "class": "number"]) { metric } })
    }
  }

  private func row(_ group: ReportGroup) -> HTML {
    tag("tr") {
      tag("td") { group.style?.swatch ?? HTML() }
      if settings.isEmpty { tag("th", ["scope": "row"]) { group.name } }
      HTML(settings.map { path in tag("td", ["class": "value"]) { group.values[path] ?? "–" } })
      tag("td", ["class": "number"]) { String(group.runs.count) }
      HTML(content.metrics.map { metric in tag("td", ["class": "number"]) { number(group, metric) } })
    }
  }

  private func number(_ group: ReportGroup, _ metric: String) -> String {
    guard let sample = group.sample(metric, content.last) else { return "–" }
    let missing = sample.count < group.runs.count ? " (\(sample.count))" : ""
    guard let interval = sample.interval95 else { return NumberText.short(sample.mean) + missing }
    return NumberText.interval(sample.mean, reach: interval.upperBound - sample.mean) + missing
  }
}

extension HTML {
  /// `content` in a box of its own that scrolls from side to side, also by keys.
  static func scrolling(_ label: String, @HTMLBuilder _ content: () -> HTML) -> HTML {
    tag("div", ["class": "scroll", "role": "region", "aria-label": label, "tabindex": "0"], content)
  }
}
