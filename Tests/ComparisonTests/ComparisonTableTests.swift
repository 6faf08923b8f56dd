import Basics
import Runs
import Spec
import Testing

@testable import Comparison

@Suite struct ComparisonTableTests {
  let maker: RunMaker
  init() throws { maker = try RunMaker() }

  /// The table of all runs there are with all their metrics.
  private func table(isGrouped: Bool, _ reduction: Reduction = .last, order: [Int]? = nil) throws -> ComparisonTable {
    let all = try maker.read().runs
    let runs = order.map { $0.map { all[$0] } } ?? all
    let columns = ColumnIndex(runs)
    let values = MetricReading(columns.metrics, reduction).values(of: runs, threads: 2, maker.files)
    return ComparisonTable(
      runs, columns: columns, metrics: columns.metrics, values: try values.map { try $0.get() }, isGrouped: isGrouped)
  }

  /// Three repeats with one rate, two with another, and one with a third.
  private func makeRepeats() throws {
    let losses: [(String, [Double])] = [("0.001", [1, 2, 3]), ("0.01", [1.5, 3.5]), ("-0.1", [9])]
    var number = 0
    for (rate, values) in losses {
      for (seed, loss) in values.enumerated() {
        number += 1
        try maker.run(
          "study/v00\(number)", seed: UInt64(seed), spec: "optimizer: {adam: {rate: \(rate)}}\nlist: [1, a]",
          rows: ["10,160,7.0", "20,320,\(loss)"], label: seed == 0 ? "=1+1, \"x\"!" : nil, created: number)
      }
    }
  }

  @Test func `the CSV has these columns and cells`() throws {
    try makeRepeats()
    let table = try table(isGrouped: false)
    #expect(
      ComparisonCSV(table, columns: table.columns.all).text == """
        run,status,label,started,seconds,params.version,params.name,params.seed,params.optimizer.adam.rate,params.list,metrics.loss
        study/v001,finished,"'=1+1, ""x""!",1970-01-01T00:00:00.001Z,2.5,1,x,0,0.001,"[1, a]",1.0
        study/v002,finished,,1970-01-01T00:00:00.002Z,2.5,1,x,1,0.001,"[1, a]",2.0
        study/v003,finished,,1970-01-01T00:00:00.003Z,2.5,1,x,2,0.001,"[1, a]",3.0
        study/v004,finished,"'=1+1, ""x""!",1970-01-01T00:00:00.004Z,2.5,1,x,0,0.01,"[1, a]",1.5
        study/v005,finished,,1970-01-01T00:00:00.005Z,2.5,1,x,1,0.01,"[1, a]",3.5
        study/v006,finished,"'=1+1, ""x""!",1970-01-01T00:00:00.006Z,2.5,1,x,0,-0.1,"[1, a]",9.0

        """)
  }

  @Test func `the CSV of repeats has mean, deviation, interval and count`() throws {
    try makeRepeats()
    let table = try table(isGrouped: true)
    let chosen: [ColumnName] = [.setting("seed"), .metric("loss")]
    let text = ComparisonCSV(table, columns: chosen).text
    // The last digits of an interval are the C library's.
    let rounded = text.replacing(#/(\.[0-9]{8})[0-9]+/#) { $0.1 }
    #expect(
      rounded == """
        run,status,label,started,seconds,params.seed,metrics.loss,metrics.loss.sd,metrics.loss.low,metrics.loss.high,metrics.loss.count
        study/v001,finished,"[=1+1, ""x""!, , ]",1970-01-01T00:00:00.001Z,2.5,"[0, 1, 2]",2.0,1.0,-0.48413771,4.48413771,3
        study/v004,finished,"[=1+1, ""x""!, ]",1970-01-01T00:00:00.004Z,2.5,"[0, 1]",2.5,1.41421356,-10.20620473,15.20620473,2
        study/v006,finished,"'=1+1, ""x""!",1970-01-01T00:00:00.006Z,2.5,0,9.0,,,,1

        """)
  }

  @Test func `the CSV with a reference has differences, pairs and p`() throws {
    try makeRepeats()
    let table = try table(isGrouped: true)
    let reference = Reference(try #require(table.row(with: "study/v002")), .t)
    let csv = ComparisonCSV(table, columns: [.metric("loss")], reference: reference)
    #expect(
      csv.header.suffix(6) == [
        "metrics.loss.count", "metrics.loss.difference", "metrics.loss.difference.low", "metrics.loss.difference.high",
        "metrics.loss.pairs", "metrics.loss.p",
      ])
    let rows = try CSVTable(Array(csv.text.utf8))
    #expect(rows[column: "metrics.loss.difference"] == ["", "1.0", "8.0"])
    #expect(rows[column: "metrics.loss.pairs"] == ["", "2", "1"])
    #expect(rows[column: "metrics.loss.p"]?.map { Double($0).map { ($0 * 1e6).rounded() / 1e6 } } == [nil, 0.295167, nil])
  }

  @Test func `the table for people is this`() throws {
    try makeRepeats()
    let single = try table(isGrouped: false)
    let columns: [ColumnName] = [.run, .status, .setting("seed"), .setting("optimizer.adam.rate"), .metric("loss")]
    #expect(
      ComparisonText(single, columns: columns).lines == """
        RUN         STATUS    SEED  OPTIMIZER.ADAM.RATE  LOSS
        study/v001  finished     0                0.001     1
        study/v002  finished     1                0.001     2
        study/v003  finished     2                0.001     3
        study/v004  finished     0                 0.01   1.5
        study/v005  finished     1                 0.01   3.5
        study/v006  finished     0                 -0.1     9

        """)
    let grouped = try table(isGrouped: true)
    let reference = Reference(grouped.rows[0], .wilcoxon)
    let text = ComparisonText(grouped, columns: [.run, .setting("optimizer.adam.rate"), .metric("loss")], reference: reference)
    #expect(
      text.lines == """
        RUN         SEEDS  OPTIMIZER.ADAM.RATE                       LOSS         DIFFERENCE  P
        study/v001      3                0.001     2 ± 1 [-0.4841, 4.484]
        study/v004      2                 0.01  2.5 ± 1.4 [-10.21, 15.21]  1 [-5.353, 7.353]  -
        study/v006      1                 -0.1                          9                  8  -

        """)
    #expect(
      text.notes == [
        "mean ± standard deviation over seeds, and the 95% interval of the mean", "1 of 3 rows have 1 seed: no interval",
        "differences from rate 0.001 (study/v001) by equal seeds, with the 95% interval of the mean; p of Wilcoxon's signed-rank test",
        "loss of rate 0.01 (study/v004): too few seeds (2 pairs; Wilcoxon needs 6 for p < 0.05)",
        "loss of rate -0.1 (study/v006): too few seeds (1 pair; Wilcoxon needs 6 for p < 0.05)",
      ])
  }

  @Test func `a narrow terminal loses losses first, and says so`() throws {
    try makeRepeats()
    let table = try table(isGrouped: false)
    let columns: [ColumnName] = [.run, .setting("seed"), .setting("optimizer.adam.rate"), .metric("loss")]
    #expect(ComparisonText(table, columns: columns, width: 32).lines.hasPrefix("RUN         SEED   RATE  LOSS\n"))
    let short = ComparisonText(table, columns: columns, width: 28)
    #expect(short.lines.hasPrefix("RUN   SEED   RATE  LOSS\n") && short.notes == ["runs are in study"])
    let text = ComparisonText(table, columns: columns, width: 20)
    #expect(text.lines.hasPrefix("RUN   SEED   RATE\n"))
    #expect(text.notes.last == "too wide for this terminal: metrics.loss; choose with --columns, or write --csv")
    #expect(ComparisonText(table, columns: columns, width: 1).lines.hasPrefix("RUN\n"))
  }

  @Test(arguments: 20...140) func `whatever the width, settings and quality stay while a loss does`(width: Int) throws {
    for seed in 0..<3 {
      for (number, rate) in ["0.001", "0.01"].enumerated() {
        try maker.run(
          "study/v00\(number * 3 + seed + 1)", seed: UInt64(seed), spec: "optimizer: {adam: {rate: \(rate)}}",
          columns: "iteration,images,loss.generator,swd_mean,ms_ssim", rows: ["10,160,\(seed).25,\(seed + 3).125,0.\(seed)5"])
      }
    }
    let table = try table(isGrouped: true)
    let columns: [ColumnName] =
      [.setting("optimizer.adam.rate")] + ["swd_mean", "ms_ssim", "loss.generator"].map(ColumnName.metric) + [.status, .run]
    let measures = [MeasureColumn("swd_mean"), MeasureColumn("ms_ssim")]
    let text = ComparisonText(table, columns: columns, measures: measures, width: width)
    let header = text.lines.prefix { $0 != "\n" }.split(separator: " ").map(String.init)
    let answer = ["SEEDS", "SWD_MEAN", "MS_SSIM"].allSatisfy(header.contains) && header.contains { $0.hasSuffix("RATE") }
    #expect(answer || !header.contains("LOSS.GENERATOR") && !header.contains("STATUS"))
    #expect(header.contains("RUN") && (answer || width < 60))
    if width >= 60 { #expect(text.lines.split(separator: "\n").allSatisfy { $0.count <= width }) }
  }

  @Test func `groups do not depend on the order of the runs`() throws {
    try makeRepeats()
    var random = RandomStream(seed: 8, name: "orders")
    let expected = try groups(order: Array(0..<6))
    #expect(Set(expected.map(\.count)) == [1, 2, 3])
    for _ in 0..<20 { #expect(Set(try groups(order: random.permutation(of: 6))) == Set(expected)) }
  }

  private func groups(order: [Int]) throws -> [[String]] {
    try table(isGrouped: true, order: order).rows.map { $0.runs.map(\.name) }
  }

  @Test func `a seed counts once: the finished run, then the newest`() throws {
    for (number, events) in [[RunEvent.start], [.start, .finish], [.start, .finish], [.start]].enumerated() {
      try maker.run("study/v00\(number + 1)", events: events, created: number)
    }
    let table = try table(isGrouped: true)
    #expect(table.rows.map { $0.runs.map(\.name) } == [["study/v003"]])
    #expect(table.repeated.map(\.name) == ["study/v001", "study/v002", "study/v004"])
  }

  @Test func `a repeat that diverged makes the mean nan, and no interval`() throws {
    for (seed, loss) in ["1.0", "nan", ""].enumerated() {
      try maker.run(
        "study/v00\(seed + 1)", seed: UInt64(seed), rows: ["1,16,\(loss)"], events: seed == 0 ? [.start, .finish] : [.fail])
    }
    let table = try table(isGrouped: true)
    let cells = try CSVTable(Array(ComparisonCSV(table, columns: [.metric("loss")]).text.utf8)).rows[0]
    #expect(cells[1] == "1 finished, 2 failed" && cells[5...] == ["nan", "", "", "", "2"])
  }

  @Test func `sorting is a total order that keeps equals and puts what is no number last`() {
    var random = RandomStream(seed: 6, name: "cells")
    let cells = (0..<60).map { _ -> Cell in
      switch random.below(6) {
      case 0: .empty
      case 1: .number(.nan)
      case 2: .text(["a", "b", "B", ""][random.below(4)])
      default: .number([-.infinity, -1, 0, 0.5, 2, .infinity][random.below(6)])
      }
    }
    for isDescending in [false, true] {
      func isBefore(_ a: Cell, _ b: Cell) -> Bool { a.isBefore(b, isDescending: isDescending) }
      func isLast(_ cell: Cell) -> Bool { if case .number(let value) = cell { value.isNaN } else { cell == .empty } }
      for a in cells {
        #expect(!isBefore(a, a))
        for b in cells {
          #expect(!(isBefore(a, b) && isBefore(b, a)))
          if isLast(a), !isLast(b) { #expect(isBefore(b, a)) }
          for c in cells where isBefore(a, b) && isBefore(b, c) { #expect(isBefore(a, c)) }
          for c in cells where !isBefore(a, b) && !isBefore(b, a) && isBefore(a, c) { #expect(isBefore(b, c)) }
        }
      }
    }
  }

  @Test func `rows are filtered, sorted and cut`() throws {
    try makeRepeats()
    var table = try table(isGrouped: false)
    table.sort(by: .metric("loss"), isDescending: true)
    #expect(table.rows.map(\.first.name) == [6, 5, 3, 2, 4, 1].map { "study/v00\($0)" })
    table.sort(by: .setting("seed"), isDescending: false)
    #expect(table.rows.map(\.first.name) == [6, 4, 1, 5, 2, 3].map { "study/v00\($0)" })
    table.keep(try Filter("params.optimizer.adam.rate > 0 and loss < 3", columns: table.columns))
    table.top(2)
    #expect(table.rows.map(\.first.name) == ["study/v004", "study/v001"])
  }

  @Test func `columns are found by name, short name and pattern`() throws {
    try makeRepeats()
    let columns = try table(isGrouped: false).columns
    #expect(columns["params.optimizer.adam.rate"] == .setting("optimizer.adam.rate"))
    #expect(columns["loss"] == .metric("loss") && columns["started"] == .started && columns["rate"] == nil)
    #expect(columns.matches(of: "params.*.rate") == [.setting("optimizer.adam.rate")])
    #expect(columns.matches(of: "*").count == columns.all.count && columns.matches(of: "x*").isEmpty)
    #expect(columns.suggestion(for: "rate") == "params.optimizer.adam.rate")
    #expect(columns.suggestion(for: "metrics.los") == "metrics.loss" && columns.suggestion(for: "zzzzzz") == nil)
    #expect(columns.changed == ["seed", "optimizer.adam.rate"])
  }

  @Test func `settings of unlike specs stand where they belong`() throws {
    try maker.run("a/v001", spec: "b: 1\nd: {x: 1}")
    try maker.run("a/v002", spec: "a: 1\nb: 1\nc: {}\nd: {x: 1}\ne: [{f: 1}, {f: 2}]")
    let columns = try table(isGrouped: false).columns
    #expect(columns.settings == ["version", "name", "seed", "a", "b", "c", "d.x", "e.0.f", "e.1.f"])
    #expect(columns.changed == ["a", "c", "e.0.f", "e.1.f"])
  }

  @Test func `at equal images shown only rows up to there count, of runs that got there`() throws {
    try maker.run("a/v001", rows: ["10,160,3.0", "20,320,2.0", "30,480,1.0"])
    try maker.run("a/v002", rows: ["10,160,5.0"])
    let runs = try maker.read().runs
    func values(_ images: Int, _ reduction: Reduction) throws -> [Double?] {
      try MetricReading(["loss"], reduction, images: images).values(of: runs, threads: 1, maker.files).map { try $0.get()[0] }
    }
    #expect(try values(160, .last) == [3, 5])
    #expect(try values(479, .last) == [2, nil])
    #expect(try values(480, .mean) == [2, nil])
    #expect(try values(481, .last) == [nil, nil])
    #expect(try values(0, .last) == [nil, nil])
  }

  @Test func `runs of different images are never repeats, and those of the same images elsewhere are`() throws {
    for (number, (seed, images, folder)) in [(0, "a", "/x"), (1, "a", "/y"), (0, "b", "/x"), (1, nil, "/x"), (2, nil, "/x")]
      .enumerated()
    {
      try maker.run(
        "study/v00\(number + 1)", seed: UInt64(seed), spec: "data: {folder: \(folder)}", created: number, images: images)
    }
    let table = try table(isGrouped: true)
    #expect(
      table.rows.map { $0.runs.map(\.name) } == [["study/v001", "study/v002"], ["study/v003"], ["study/v004", "study/v005"]])
    #expect(table.repeated.isEmpty && table.imageSets == 2)
  }

  @Test(arguments: UInt64(0)..<8) func `a column stands behind the one that it follows in its table`(seed: UInt64) throws {
    var stream = RandomStream(seed: seed, name: "test.columns")
    var expected: [String] = []
    for run in 0..<1 + stream.below(6) {
      let names = stream.permutation(of: 12).prefix(1 + stream.below(12)).map { "m\($0)" }
      try maker.run(
        "x/v00\(run + 1)", columns: "iteration," + names.joined(separator: ","),
        rows: ["10," + names.map { _ in "1" }.joined(separator: ",")])
      var place = 0
      for name in names {
        if let known = expected.firstIndex(of: name) { place = known } else { expected.insert(name, at: place) }
        place += 1
      }
    }
    #expect(ColumnIndex(try maker.read().runs).metrics == expected)
  }
}
