import Basics
import Comparison

/// How the runs went: their columns over the images shown.
struct CurvesSection {
  /// Columns that are drawn, in this order.
  private static let columns = ["swd_mean", "ms_ssim", "loss.discriminator", "loss.generator", "gradient_norm"]
  /// Stretches that a curve is thinned out to.
  private static let stretches = 100
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
    let phases = drawn.map { (try? RunPhase.of($0.first, files)) ?? [] }
    let boundaries = Self.boundaries(phases)
    let hasBands = content.hasRepeats || drawn.count <= Self.mostEnvelopes
    var figures: [HTML] = []
    for column in Self.columns {
      let series = drawn.map { group in group.runs.compactMap { Self.curve(column, $0, files) } }
      guard let range = Self.range(series.joined(), boundaries) else { continue }
      let lines = zip(drawn, series).filter { !$0.1.isEmpty }.map { group, curves in
        LineChart.Line(style: group.style!, name: group.name, buckets: Self.buckets(curves, range, content.hasRepeats))
      }
      let floor = drawn.lazy.compactMap { Self.curve(Measured.floor + column, $0.first, files) }.first
      let chart = LineChart(
        title: column, xName: "images shown", lines: lines, boundaries: boundaries, range: range, showsBands: hasBands,
        reference: floor?.buckets(Self.stretches, over: range) ?? [])
      guard let (svg, isCut) = chart.drawn(number: figures.count) else { continue }
      figures.append(Self.figure(column, svg, isCut: isCut, hasReference: floor != nil))
    }
    (self.phases, charts) = (phases, figures.count)
    html = figures.isEmpty ? HTML() : Self.section(content, figures)
  }

  /// A column over the images shown; nil when the run has not measured it.
  private static func curve(_ column: String, _ run: ComparedRun, _ files: any FileSystem) -> Curve? {
    guard let table = run.tables.first(where: { $0.columns.contains(column) }),
      let series = try? table.series(of: ["images", column], files)
    else { return nil }
    // A row without the column looks like one whose value is no number; both leave no mark.
    let measured = zip(series[0], series[1]).filter { !$0.1.isNaN }
    return measured.isEmpty ? nil : Curve(x: measured.map(\.0), y: measured.map(\.1))
  }

  /// From the beginning of the phase in which the first point lies to the last point; nil when there are no two places.
  private static func range(_ curves: some Sequence<Curve>, _ boundaries: [LineChart.Boundary]) -> ClosedRange<Double>? {
    let places = curves.flatMap { [$0.points.first, $0.points.last] }.compactMap { $0?.x }
    guard let first = places.min(), let last = places.max(), last > first else { return nil }
    let start = boundaries.last { $0.x < first }?.x ?? min(0, first)
    return start...last
  }

  private static func buckets(_ curves: [Curve], _ range: ClosedRange<Double>, _ hasRepeats: Bool) -> [Bucket?] {
    guard hasRepeats else { return curves[0].buckets(stretches, over: range) }
    return Curve.together(curves, stretches, over: range) { Sample($0)?.standardDeviation }
  }

  /// The beginnings of phases that all groups have in common.
  private static func boundaries(_ phases: [[RunPhase]]) -> [LineChart.Boundary] {
    let all = phases.map { run in
      run.map { LineChart.Boundary(x: $0.images.lowerBound, label: "\($0.resolution)×\($0.resolution)") }
    }
    return (all.first ?? []).filter { boundary in all.allSatisfy { $0.contains(boundary) } }
  }

  private static func section(_ content: ReportContent, _ figures: [HTML]) -> HTML {
    let bands =
      content.hasRepeats
      ? "Lines are means over the repeats that got so far, bands one standard deviation of them."
      : content.drawn.count <= mostEnvelopes
        ? "Lines are means over neighbouring rows, bands reach from the least to the greatest."
        : "Lines are means over neighbouring rows."
    return tag("section", ["id": "curves"]) {
      tag("h2") { "Curves" }
      tag("p") {
        "\(bands) Dotted lines mark where a phase begins. A loss is what one iteration measured, and does not compare between runs."
      }
      HTML.legend(content)
      tag("div", ["class": "charts"]) { HTML(figures) }
    }
  }

  private static func figure(_ column: String, _ svg: HTML, isCut: Bool, hasReference: Bool) -> HTML {
    let notes = [
      hasReference ? "Grey: training images among themselves." : nil, isCut ? "The most extreme values lie beyond the frame." : nil,
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
