import Basics
import Runs
import Spec
import Testing

@testable import Comparison

/// Trials of an ablation go by the names of their changes, and are compared with the baseline.
@Suite struct AblationTests {
  let maker: RunMaker
  init() throws { maker = try RunMaker() }

  private static let names = ["baseline", "no drift", "smaller, \"flat\"", "=all"]
  /// By change and seed.
  private static let losses: [[Double]] = [[10, 12, 14, 17], [11, 13.5, 15, 17.9], [9, 13, 13, 18], [20, 22, 24, 27]]

  /// Four changes with four seeds each, of which the specs differ in more than one setting.
  private func make() throws {
    var table = "trial,status,point,repeat,seed,change,objective,iterations,failures,directory,detail\n"
    var number = 0
    for (point, name) in Self.names.enumerated() {
      for seed in 0..<4 {
        number += 1
        let path = "terms/v001/trials/" + "t" + String(repeating: "0", count: 4 - String(number).count) + "\(number)"
        let run = try maker.run(
          path, seed: UInt64(seed), spec: "optimizer: {adam: {rate: 0.00\(1 + point)}}\nlist: [\(point)]",
          columns: "iteration,images,swd_mean,noise",
          rows: ["10,160,\(Self.losses[point][seed]),\(point == 1 && seed == 3 ? "nan" : "\(seed * seed)")"])
        var manifest = try Manifest(run, maker.files)
        manifest.sweep = "terms/v001"
        try manifest.write(to: run, maker.files)
        table += CSV.line([
          .integer(number), .text("finished"), .integer(point + 1), .integer(seed + 1), .integer(seed), .text(name), .empty,
          .integer(10), .integer(0), .text("trials/t\(number)"), .empty,
        ])
      }
    }
    try maker.write(table, to: "terms/v001/trials.csv")
    let ablate = "ablate:\n" + Self.names.dropFirst().map { "  - {name: '\($0)', changes: [a=1]}\n" }.joined()
    try maker.write("version: 1\n" + ablate + "objective: {metric: swd_mean}\n", to: "terms/v001/sweep.yaml")
  }

  private func table() throws -> (ComparisonTable, SweepFacts) {
    let runs = try maker.read("terms").runs
    let columns = ColumnIndex(runs)
    let values = try MetricReading(columns.metrics).values(of: runs, threads: 2, maker.files).map { try $0.get() }
    let table = ComparisonTable(runs, columns: columns, metrics: columns.metrics, values: values, isGrouped: true)
    return (table, try #require(SweepFacts(of: runs, maker.files)))
  }

  @Test func `the name of the change is the first setting of a trial`() throws {
    try make()
    let (table, sweep) = try table()
    #expect(sweep.isAblation && sweep.isSwept("change") && !sweep.isSwept("list"))
    #expect(table.columns.settings.first == "change" && table.columns.changed.contains("change"))
    #expect(table.rows.map(\.change) == Self.names && table.rows.allSatisfy { $0.runs.count == 4 })
    #expect(table.rows[1].first.settings["optimizer.adam.rate"] == "0.002" && table.rows[1].first.settings["seed"] == "0")
  }

  @Test func `one table says what each change does`() throws {
    try make()
    let (table, sweep) = try table()
    let reference = try #require(Reference(baselineOf: table, .t))
    let text = ComparisonText(table, columns: [.setting("change"), .metric("swd_mean")], reference: reference, sweep: sweep)
    #expect(
      text.lines == """
        CHANGE           SEEDS                    SWD_MEAN           DIFFERENCE       P
        baseline             4       13.25 ± 3 [8.498, 18]
        no drift             4  14.35 ± 2.9 [9.759, 18.94]  1.1 [0.6691, 1.531]  0.0078
        smaller, "flat"      4  13.25 ± 3.7 [7.385, 19.11]    0 [-1.837, 1.837]       1
        =all                 4        23.25 ± 3 [18.5, 28]          10 [10, 10]       -

        """)
    #expect(
      text.notes == [
        "mean ± standard deviation over seeds, and the 95% interval of the mean",
        "differences from baseline by equal seeds, with the 95% interval of the mean; p of the paired t test, corrected for the number of rows (Holm)",
        "swd_mean of change =all (terms/v001/trials/t0013): all differences are equal (4 pairs)",
      ])
  }

  @Test func `p are corrected over all rows of a metric, also when some of them are shown`() throws {
    try make()
    var (table, _) = try table()
    let reference = try #require(Reference(baselineOf: table, .t))
    let swd = try #require(table.place("swd_mean"))
    let plain = Reference(reference.row, .t)
    let alone = table.rows.map { plain.p(of: $0, metric: swd) }
    #expect(alone[0] == nil && alone[3] == nil)
    let corrected = Holm.corrected([alone[1]!, alone[2]!])
    #expect(table.rows.map { reference.p(of: $0, metric: swd) } == [nil, corrected[0], corrected[1], nil])
    table.keep(try Filter("change == 'no drift'", columns: table.columns))
    #expect(table.rows.map { reference.p(of: $0, metric: swd) } == [corrected[0]])
    // A metric that was not measured by all is tested where it was; what does not differ has no p.
    let noise = try #require(table.place("noise"))
    #expect(reference.p(of: table.rows[0], metric: noise) == nil)
    let csv = try CSVTable(Array(ComparisonCSV(table, columns: [.metric("swd_mean")], reference: reference).text.utf8))
    #expect(csv.columns.suffix(2) == ["metrics.swd_mean.p", "metrics.swd_mean.p.holm"])
    #expect(csv[column: "metrics.swd_mean.p.holm"] == ["\(corrected[0])"])
  }

  @Test func `without its baseline an ablation is a comparison like any other`() throws {
    try make()
    var (table, _) = try table()
    table.keep(try Filter("change != 'baseline'", columns: table.columns))
    #expect(Reference(baselineOf: table, .t) == nil)
  }
}
