import Basics
import Charts
import Comparison
import Spec

/// The table of all settings with what their runs measured.
struct SummarySection {
  /// Rows of the table; more would not be read.
  private static let mostRows = 30
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
          floors
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
    guard content.runs.count > 1 else { return "The last number of each measure." }
    let order = content.objective.map { "Sorted by \($0.metric), \($0.isMaximized ? "highest" : "lowest") first. " } ?? ""
    let numbers =
      content.hasRepeats
      ? "Numbers are the last ones of each run: mean ± standard deviation of the repeats, and below the 95% interval of the mean "
        + "(Student’s t). One run alone has neither. In brackets: how many of the runs have the number."
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
      HTML(settings.map { path in tag("td", ["class": "value"]) { group.value(path) ?? "–" } })
      tag("td", ["class": "number"]) { String(group.runs.count) }
      HTML(content.metrics.map { metric in tag("td", ["class": "number"]) { number(group, metric) } })
    }
  }

  private func number(_ group: ReportGroup, _ metric: String) -> HTML {
    guard let sample = group.sample(metric) else { return HTML(text: "–") }
    let missing = sample.count < group.members.count ? " (\(sample.count))" : ""
    guard let deviation = sample.standardDeviation, let interval = sample.interval95 else {
      return HTML(text: NumberText.measure(sample.mean) + missing)
    }
    guard deviation > 0 else {
      return HTML([HTML(text: NumberText.measure(sample.mean) + missing), tag("small") { "in all runs" }])
    }
    let bounds = [interval.lowerBound, interval.upperBound].map { NumberText.rounded($0, like: deviation) }
    return HTML([
      HTML(text: NumberText.spread(sample.mean, deviation) + missing),
      tag("small") { "\(bounds[0]) to \(bounds[1])" },
    ])
  }

  /// What training images measure among themselves, if all runs ended at one resolution. The images that were compared, and with them
  /// the numbers, depend on the seed.
  private var floors: HTML {
    let members = content.groups.flatMap(\.members)
    let samples = content.metrics.map { metric in Sample(members.compactMap { $0.last[Column.floor + metric] }) }
    guard Set(members.compactMap(\.resolution)).count == 1, samples.contains(where: { $0 != nil }) else { return HTML() }
    return tag("tfoot") {
      tag("tr") {
        tag("td")
        tag("th", ["scope": "row", "colspan": String(max(1, settings.count) + 1)]) { "training images among themselves" }
        HTML(samples.map { sample in tag("td", ["class": "number"]) { sample.map(Self.text) ?? "" } })
      }
    }
  }

  /// A mean with its deviation if there is one.
  private static func text(_ sample: Sample) -> String {
    guard let deviation = sample.standardDeviation, deviation > 0 else { return NumberText.measure(sample.mean) }
    return NumberText.spread(sample.mean, deviation)
  }
}

extension HTML {
  /// `content` in a box of its own that scrolls from side to side, also by keys.
  static func scrolling(_ label: String, @HTMLBuilder _ content: () -> HTML) -> HTML {
    tag("div", ["class": "scroll", "role": "region", "aria-label": label, "tabindex": "0"], content)
  }
}
