import Charts
import Comparison

/// What the settings do to the measures: a chart for each pair.
struct ScatterSection {
  /// Charts; with more settings than this, each says little.
  private static let mostSettings = 6
  private static let mostMeasures = 2
  /// Points of a chart.
  private static let mostRuns = 2000

  let html: HTML

  /// The charts, of which the first one is number `firstChart` of the page.
  init(_ content: ReportContent, firstChart: Int) {
    var figures: [HTML] = []
    let measures = content.metrics.prefix(Self.mostMeasures)
    for path in content.differing.prefix(Self.mostSettings) {
      for measure in measures {
        let points = content.groups.flatMap { group in
          group.members.compactMap { member -> ScatterChart.Point? in
            guard let y = member.last[measure], let setting = group.value(path) else { return nil }
            return ScatterChart.Point(setting: setting, y: y, style: group.style, name: "\(group.name) · \(member.run.name)")
          }
        }
        let chart = ScatterChart(setting: path, measure: measure, points: Array(points.prefix(Self.mostRuns)))
        guard let svg = chart.drawn(number: firstChart + figures.count) else { continue }
        figures.append(
          tag("figure") {
            tag("figcaption") {
              tag("h3") { "\(measure) over \(content.names[path])" }
            }
            svg
          })
      }
    }
    html =
      figures.isEmpty
      ? HTML()
      : tag("section", ["id": "settings"]) {
        tag("h2") { "Settings and measures" }
        tag("p") {
          "A mark is the last number of one run, looking like its line above; a bar is the mean of all runs with that value. Other settings "
            + "differ, too, where several do."
        }
        tag("div", ["class": "charts"]) { HTML(figures) }
      }
  }
}
