/// Curves over what they have in common, such as the images shown, with marks where phases begin.
package struct LineChart {
  /// One curve, thinned out.
  package struct Line {
    package let style: SeriesStyle
    package let name: String
    /// In order; nil is a gap. The line goes through the means, the band from low to high.
    package let buckets: [Bucket?]

    package init(style: SeriesStyle, name: String, buckets: [Bucket?]) {
      self.style = style
      self.name = name
      self.buckets = buckets
    }
  }

  /// A phase of the training that begins here.
  package struct Boundary: Equatable {
    package let x: Double
    package let label: String

    package init(x: Double, label: String) {
      self.x = x
      self.label = label
    }
  }

  package let title: String
  package let xName: String
  package let lines: [Line]
  package let boundaries: [Boundary]
  /// The ends of the horizontal axis.
  package let range: ClosedRange<Double>
  package let showsBands: Bool
  /// What the lines are to be measured by, drawn without a color; may be empty.
  package let reference: [Bucket?]

  package init(
    title: String, xName: String, lines: [Line], boundaries: [Boundary], range: ClosedRange<Double>, showsBands: Bool,
    reference: [Bucket?]
  ) {
    self.title = title
    self.xName = xName
    self.lines = lines
    self.boundaries = boundaries
    self.range = range
    self.showsBands = showsBands
    self.reference = reference
  }

  /// Labels of boundaries that are nearer to each other cover each other.
  private static let labelRoom = 30.0
  /// Marks on each line, so that it can be recognized by their shape.
  private static let marks = 6
  /// A line with fewer points shows each.
  private static let fewPoints = 24
  /// Bands of more lines than this would cover each other.
  private static let fewLines = 6
  /// If the whole range of values is so many times that of all but the most extreme fiftieth at each end, the axis leaves these out.
  private static let outlierFactor = 3.0

  /// The chart, as number `number` of the page, and whether some values lie outside of it. Nil when there is no number to show.
  package func drawn(number: Int) -> (svg: HTML, isCut: Bool)? {
    guard let (vertical, isCut) = verticalAxis else { return nil }
    let horizontal = Axis(range, from: ChartFrame.horizontal.from, to: ChartFrame.horizontal.to)
    let label = "\(title) over \(xName): \(lines.map(\.name).joined(separator: ", "))"
    let svg = ChartFrame.svg(label, number: number) {
      ChartFrame.vertical(vertical)
      ChartFrame.horizontal(horizontal.ticks(atMost: 5), name: xName)
      boundaryMarks(horizontal)
      ChartFrame.clipped(number) {
        tag("path", ["class": "reference", "d": outline(pieces(reference), horizontal, vertical)])
        if showsBands { HTML(lines.map { band($0, horizontal, vertical) }) }
        HTML(lines.map { line($0, horizontal, vertical) })
      }
    }
    return (svg, isCut)
  }

  private var verticalAxis: (Axis, Bool)? {
    let buckets = (lines.map(\.buckets) + [reference]).joined().compactMap { $0 }
    let values = (buckets.map(\.mean) + (showsBands ? buckets.flatMap { [$0.low, $0.high] } : [])).filter { abs($0) < Axis.largest }
      .sorted()
    guard let least = values.first, let greatest = values.last else { return nil }
    let (low, high) = (values[values.count / 50], values[values.count - 1 - values.count / 50])
    let isCut = high > low && greatest - least > Self.outlierFactor * (high - low)
    let shown =
      isCut ? [low - (high - low) * 0.2, high + (high - low) * 0.2].map { min(max($0, least), greatest) } : [least, greatest]
    let axis = Axis(showing: shown, from: ChartFrame.vertical.from, to: ChartFrame.vertical.to, mayBeLogarithmic: false)
    return axis.map { ($0, isCut) }
  }

  /// The pieces of a line between its gaps.
  private func pieces(_ buckets: [Bucket?]) -> [[Bucket]] { buckets.split(separator: nil).map { $0.compactMap { $0 } } }

  private func outline(_ pieces: [[Bucket]], _ horizontal: Axis, _ vertical: Axis) -> String {
    pieces.map { Outline.line($0.map { (horizontal.place($0.x), vertical.place($0.mean)) }) }.joined()
  }

  private func line(_ line: Line, _ horizontal: Axis, _ vertical: Axis) -> HTML {
    let all = pieces(line.buckets)
    let points = all.joined().map { (x: horizontal.place($0.x), y: vertical.place($0.mean)) }
    // The marks of neighboring lines stand at different places.
    let step = points.count <= Self.fewPoints ? 1 : points.count / Self.marks
    let first = points.count <= Self.fewPoints ? 0 : (line.style.number * 5) % step
    let marked = stride(from: first, to: points.count, by: step).map { points[$0] }
    return tag("g", ["class": line.style.color]) {
      tag("title") { line.name }
      tag("path", ["class": "line", "d": outline(all, horizontal, vertical), "stroke-dasharray": line.style.dashes])
      tag("path", ["class": "mark", "d": marked.map { line.style.mark(x: $0.x, y: $0.y, size: 2.8) }.joined()])
    }
  }

  private func band(_ line: Line, _ horizontal: Axis, _ vertical: Axis) -> HTML {
    let outline = pieces(line.buckets).map { piece in
      Outline.area(
        piece.map { (horizontal.place($0.x), vertical.place($0.high)) },
        piece.map { (horizontal.place($0.x), vertical.place($0.low)) })
    }.joined()
    return tag("g", ["class": line.style.color]) {
      tag("path", ["class": lines.count > Self.fewLines ? "faint band" : "band", "d": outline])
    }
  }

  private func boundaryMarks(_ horizontal: Axis) -> HTML {
    var (marks, free): ([HTML], Double) = ([], -.infinity)
    for boundary in boundaries where range.contains(boundary.x) {
      let place = horizontal.place(boundary.x)
      let (top, bottom) = (Outline.text(ChartFrame.top), Outline.text(ChartFrame.height - ChartFrame.bottom))
      marks.append(tag("path", ["class": "boundary", "d": "M\(Outline.text(place)) \(top)V\(bottom)"]))
      guard place >= free else { continue }
      marks.append(
        tag("text", ["class": "phase", "x": Outline.text(place + 3), "y": Outline.text(ChartFrame.top - 5)]) { boundary.label })
      free = place + Self.labelRoom
    }
    return HTML(marks)
  }
}
