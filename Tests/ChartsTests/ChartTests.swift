import Testing
import TestSupport

@testable import Charts

@Suite struct ChartTests {
  private func chart(_ lines: [[Bucket?]], boundaries: [Double] = []) -> LineChart {
    LineChart(
      title: "loss", xName: "images shown",
      lines: lines.enumerated().map { LineChart.Line(style: SeriesStyle($0), name: "line \($0)", buckets: $1) },
      boundaries: boundaries.map { LineChart.Boundary(x: $0, label: "8×8") }, range: 0...100, showsBands: true, reference: [])
  }

  private func flat(_ y: Double) -> [Bucket?] { [0.0, 50, 100].map { Bucket(x: $0, low: y, mean: y, high: y) } }

  @Test func `labels of phases that would cover each other are left out, their marks are not`() throws {
    let svg = try #require(chart([flat(1)], boundaries: [0, 1, 2, 50, 52, 99]).drawn(number: 0)).svg
    let elements = PageReader(svg.markup).elements
    #expect(elements.count { $0.attributes["class"] == "boundary" } == 6)
    let places = elements.filter { $0.attributes["class"] == "phase" }.compactMap { $0.attributes["x"].flatMap { Double($0) } }
    #expect(places.count == 3 && zip(places, places.dropFirst()).allSatisfy { $1 - $0 >= 30 })
  }

  @Test func `a gap parts a line`() throws {
    let svg = try #require(chart([[flat(1)[0], flat(2)[1], nil, flat(3)[2]]]).drawn(number: 3)).svg
    let line = PageReader(svg.markup).elements.first { $0.attributes["class"] == "line" }?.attributes["d"]
    #expect(line?.count { $0 == "M" } == 2 && line?.count { $0 == "L" } == 1)
  }

  @Test func `without numbers there is no chart`() {
    #expect(chart([[nil, nil]]).drawn(number: 0) == nil)
    #expect(chart([]).drawn(number: 0) == nil)
  }

  @Test func `a few extremes are cut off, and that is told`() throws {
    var buckets: [Bucket?] = (0..<100).map { Bucket(x: Double($0), low: 0, mean: Double($0 % 5), high: 5) }
    #expect(try #require(chart([buckets]).drawn(number: 0)).isCut == false)
    buckets[50] = Bucket(x: 50, low: 0, mean: 1000, high: 1000)
    #expect(try #require(chart([buckets]).drawn(number: 0)).isCut)
  }

  @Test func `every series looks different`() {
    let looks = (0..<SeriesStyle.count).map { number in
      let style = SeriesStyle(number)
      return style.color + style.dashes + style.mark(x: 0, y: 0)
    }
    #expect(Set(looks).count == SeriesStyle.count)
    #expect(Set((0..<SeriesStyle.colors).map { SeriesStyle($0).mark(x: 0, y: 0) }).count == SeriesStyle.colors)
  }

  @Test func `values of a setting that are numbers stand on an axis, in their order, logarithmic if they spread`() throws {
    let points = ["0.1", "0.0001", "0.01"].map { ScatterChart.Point(setting: $0, y: 1, style: SeriesStyle(0), name: "run") }
    let svg = try #require(ScatterChart(setting: "rate", measure: "swd_mean", points: points).drawn(number: 0))
    let labels = PageReader(svg.markup).texts
    #expect(labels.filter { ["0.0001", "0.01", "0.1"].contains($0) } == ["0.0001", "0.01", "0.1"])
    let words = ["tall", "wide"].map { ScatterChart.Point(setting: $0, y: 1, style: nil, name: "run") }
    #expect(ScatterChart(setting: "shape", measure: "swd_mean", points: words).drawn(number: 0) != nil)
    #expect(ScatterChart(setting: "shape", measure: "swd_mean", points: [words[0]]).drawn(number: 0) == nil)
  }
}
