/// A measure of runs over one of their settings.
package struct ScatterChart {
  package struct Point: Equatable {
    /// The setting's value as the spec has it.
    package let setting: String
    package let y: Double
    /// Nil for a run whose curve is not drawn.
    package let style: SeriesStyle?
    package let name: String

    package init(setting: String, y: Double, style: SeriesStyle?, name: String) {
      self.setting = setting
      self.y = y
      self.style = style
      self.name = name
    }
  }

  package let setting: String
  package let measure: String
  package let points: [Point]

  package init(setting: String, measure: String, points: [Point]) {
    self.setting = setting
    self.measure = measure
    self.points = points
  }

  /// A setting with more values than these that are no numbers would be an axis that cannot be read.
  private static let mostCategories = 12
  /// Characters that fit below the axis.
  private static let longestName = 56
  /// Values of a setting nearer to each other than this share no labels.
  private static let labelRoom = 34.0
  /// How far points of equal settings are moved apart.
  private static let spread = 5.0

  /// The chart, as number `number` of the page; nil when there is nothing to show: fewer than two values of the setting, or no number.
  package func drawn(number: Int) -> HTML? {
    let points = points.filter(\.y.isFinite)
    let settings = Self.distinct(points.map(\.setting))
    let vertical = Axis(showing: points.map(\.y), from: ChartFrame.vertical.from, to: ChartFrame.vertical.to, margin: 0.08)
    guard settings.count > 1, let vertical, let (places, ticks) = horizontal(settings) else { return nil }
    let byValue = Dictionary(grouping: points, by: \.setting)
    let label = "\(measure) over \(setting), \(points.count) runs"
    return ChartFrame.svg(label, number: number) {
      ChartFrame.vertical(vertical)
      ChartFrame.horizontal(ticks, name: setting.count <= Self.longestName ? setting : "… " + setting.suffix(Self.longestName - 2))
      if settings.count <= Self.mostCategories {
        HTML(settings.map { value in mean(byValue[value]!, places[value]!, vertical) })
      }
      undrawn(points.filter { $0.style == nil }, places, vertical)
      HTML(settings.flatMap { value in dots(byValue[value]!, places[value]!, vertical) })
    }
  }

  /// Where each value of the setting stands, and the labels: an axis if all are numbers, else one place after the other.
  private func horizontal(_ settings: [String]) -> (places: [String: Double], ticks: [(place: Double, label: String)])? {
    let (start, end) = (ChartFrame.horizontal.from, ChartFrame.horizontal.to)
    let numbers = settings.compactMap { Double($0) }.filter(\.isFinite)
    if numbers.count == settings.count,
      let axis = Axis(showing: numbers, from: start, to: end, mayBeLogarithmic: true, margin: 0.08)
    {
      let places = zip(settings, numbers).map { ($0, axis.place($1)) }
      let own = places.map { (place: $0.1, label: $0.0) }
      let fits = own.count <= 6 && zip(own, own.dropFirst()).allSatisfy { $1.place - $0.place >= Self.labelRoom }
      return (Dictionary(uniqueKeysWithValues: places), fits ? own : axis.ticks(atMost: 6))
    }
    guard settings.count <= Self.mostCategories else { return nil }
    let width = (end - start) / Double(settings.count)
    let places = settings.indices.map { start + (Double($0) + 0.5) * width }
    let room = max(3, Int(width / 6.5))
    let ticks = zip(places, settings).map { (place: $0, label: $1.count <= room ? $1 : $1.prefix(room - 1) + "…") }
    return (Dictionary(uniqueKeysWithValues: zip(settings, places)), ticks)
  }

  private func dots(_ points: [Point], _ place: Double, _ vertical: Axis) -> [HTML] {
    points.enumerated().compactMap { index, point in
      guard let style = point.style else { return nil }
      // From side to side, so that repeats do not cover each other: 0, 1, -1, 2, -2, ...
      let side = Double((index % 5 + 1) / 2) * (index % 2 == 0 ? -1 : 1)
      let x = place + (points.count > 1 ? side * Self.spread / 2 : 0)
      return tag("g", ["class": style.color]) {
        tag("path", ["class": "mark", "d": style.mark(x: x, y: vertical.place(point.y))]) {
          tag("title") { "\(point.name): \(NumberText.short(point.y))" }
        }
      }
    }
  }

  /// All runs without a line as dots of one path, since they may be many.
  private func undrawn(_ points: [Point], _ places: [String: Double], _ vertical: Axis) -> HTML {
    guard !points.isEmpty else { return HTML() }
    let dots = points.map { "M\(Outline.text(places[$0.setting]!)) \(Outline.text(vertical.place($0.y)))h0" }.joined()
    return tag("path", ["class": "undrawn", "d": dots])
  }

  /// A bar at the mean of several runs.
  private func mean(_ points: [Point], _ place: Double, _ vertical: Axis) -> HTML {
    guard points.count > 1 else { return HTML() }
    let mean = points.reduce(0.0) { $0 + $1.y / Double(points.count) }
    let y = Outline.text(vertical.place(mean))
    return tag("path", ["class": "mean", "d": "M\(Outline.text(place - 11)) \(y)h22"])
  }

  private static func distinct(_ values: [String]) -> [String] {
    var seen: Set<String> = []
    let distinct = values.filter { seen.insert($0).inserted }
    let numbers = distinct.compactMap { Double($0) }
    return numbers.count == distinct.count ? zip(numbers, distinct).sorted { $0.0 < $1.0 }.map(\.1) : distinct
  }
}
