import Basics
import Charts
import Comparison
import Spec

/// How the runs went: their columns over the images shown.
struct CurvesSection {
  /// Stretches that a curve is thinned out to.
  private static let stretches = 100
  /// Repeats of a setting that are drawn; more would not change the picture.
  private static let mostRepeats = 50
  /// With more lines than this, the bands of single runs would cover everything.
  private static let mostEnvelopes = 4

  /// The phases of each drawn group's first run.
  let phases: [[RunPhase]]
  let html: HTML
  /// Charts that were drawn.
  let charts: Int

  /// Reads the columns of the drawn runs. A run whose rows are damaged has no curves.
  init(_ content: ReportContent, _ files: any FileSystem) {
    let drawn = content.drawn
    let wanted = content.curves + content.curves.map { Column.floor + $0 }
    let runs = drawn.map { $0.runs.prefix(Self.mostRepeats) }
    let surveys = runs.map { runs in runs.map { RunSurvey($0, wanted, files) } }
    let phases = surveys.map { $0[0].phases }
    let boundaries = Self.boundaries(phases)
    let ranges = Self.ranges(content.curves, surveys.flatMap { $0 }, boundaries)
    let read = zip(runs, surveys).map { runs, surveys in
      zip(runs, surveys).map { RunCurves($0, $1, ranges: ranges, stretches: Self.stretches, files) }
    }
    let hasBands = content.hasRepeats || drawn.count <= Self.mostEnvelopes
    var figures: [HTML] = []
    for column in content.curves {
      guard let range = ranges[column] else { continue }
      let series = read.map { runs in runs.compactMap { $0[column] } }
      let lines = zip(drawn, series).filter { !$0.1.isEmpty }.map { group, curves in
        LineChart.Line(style: group.style!, name: group.name, buckets: Self.buckets(curves, content.hasRepeats))
      }
      let floor = read.lazy.compactMap { $0[0][Column.floor + column] }.first
      let chart = LineChart(
        title: column, xName: "images shown", lines: lines, boundaries: boundaries, range: range, showsBands: hasBands,
        reference: floor?.buckets ?? [])
      guard let (svg, isCut) = chart.drawn(number: figures.count) else { continue }
      figures.append(Self.figure(column, svg, isCut: isCut, hasReference: floor != nil))
    }
    self.phases = phases
    charts = figures.count
    let damaged = zip(runs, surveys).flatMap { runs, surveys in zip(runs, surveys).filter(\.1.isDamaged).map(\.0.name) }
    html = figures.isEmpty ? HTML() : Self.section(content, figures, damaged)
  }

  /// For each column that has two places its range: from the beginning of the phase in which the first point lies to the last point.
  private static func ranges(
    _ columns: [String], _ surveys: [RunSurvey], _ boundaries: [LineChart.Boundary]
  ) -> [String: ClosedRange<Double>] {
    var ranges: [String: ClosedRange<Double>] = [:]
    for column in columns {
      let extents = surveys.compactMap { $0.extents[column] }
      guard let first = extents.map(\.lowerBound).min(), let last = extents.map(\.upperBound).max(), last > first else { continue }
      let start = boundaries.last { $0.x < first }?.x ?? min(0, first)
      (ranges[column], ranges[Column.floor + column]) = (start...last, start...last)
    }
    return ranges
  }

  private static func buckets(_ curves: [Curve], _ hasRepeats: Bool) -> [Bucket?] {
    hasRepeats ? Curve.together(curves) { Sample($0)?.standardDeviation } : curves[0].buckets
  }

  /// The beginnings of phases that all groups have in common.
  private static func boundaries(_ phases: [[RunPhase]]) -> [LineChart.Boundary] {
    let all = phases.map { run in
      run.map { LineChart.Boundary(x: $0.images.lowerBound, label: "\($0.resolution)×\($0.resolution)") }
    }
    return (all.first ?? []).filter { boundary in all.allSatisfy { $0.contains(boundary) } }
  }

  private static func section(_ content: ReportContent, _ figures: [HTML], _ damaged: [String]) -> HTML {
    let bands =
      content.hasRepeats
      ? "Lines are means over the repeats that got so far, bands one standard deviation of them."
      : content.drawn.count <= mostEnvelopes
        ? "Lines are means over neighboring rows, bands reach from the least to the greatest."
        : "Lines are means over neighboring rows."
    return tag("section", ["id": "curves"]) {
      tag("h2") { "Curves" }
      tag("p") {
        "\(bands) Dotted lines mark where a phase begins. A loss is what one iteration measured, and does not compare between runs."
      }
      HTML.legend(content)
      if content.drawn.contains(where: { $0.runs.count > mostRepeats }) {
        tag("p", ["class": "note"]) { "Lines are of the first \(mostRepeats) repeats of a setting." }
      }
      if !damaged.isEmpty { tag("p", ["class": "note"]) { "Rows that cannot be read: \(damaged.joined(separator: ", "))." } }
      tag("div", ["class": "charts"]) { HTML(figures) }
    }
  }

  private static func figure(_ column: String, _ svg: HTML, isCut: Bool, hasReference: Bool) -> HTML {
    let notes = [
      hasReference ? "Gray: training images among themselves." : nil, isCut ? "The most extreme values lie beyond the frame." : nil,
    ].compactMap { $0 }
    return tag("figure") {
      tag("figcaption") {
        tag("h3") { column }
        if !notes.isEmpty { tag("span", ["class": "note"]) { notes.joined(separator: " ") } }
      }
      svg
    }
  }
}

extension HTML {
  /// The names of all lines, and how many runs have none.
  static func legend(_ content: ReportContent) -> HTML {
    let drawn = content.drawn.reduce(0) { $0 + $1.runs.count }
    return HTML([
      tag("ul", ["class": "legend"]) {
        HTML(
          content.drawn.map { group in
            tag("li") {
              group.style?.swatch ?? HTML()
              group.name
            }
          })
      },
      drawn == content.runs.count
        ? HTML()
        : tag("p", ["class": "note"]) {
          "\(NumberText.count(drawn)) of \(NumberText.count(content.runs.count)) runs drawn: the first settings of the summary."
        },
    ])
  }
}
