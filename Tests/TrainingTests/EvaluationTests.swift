import Basics
import Evaluation
import Foundation
import Kernels
import Runs
import Testing

@testable import Spec
@testable import Training

/// Evaluations in the course of whole runs.
@Suite struct EvaluationTests {
  /// Up to 16x16, where every metric measures something; 14 iterations.
  private static let high = [
    "data.resolution=16", "generator.widths=[8, 6, 4]", "discriminator.widths=[8, 6, 4]",
    "schedule.phases=[{resolution: 4, hold: 3}, {resolution: 8, fade: 5}, {resolution: 16, fade: 4, hold: 2}]",
  ]

  private func table(_ run: RunDirectory, _ runs: TinyRuns) throws -> CSVTable { try CSVTable(runs.contents(run.evaluations)) }

  @Test func `evaluating more or less often changes no byte of what is trained`() throws {
    var metrics: Set<[UInt8]> = []
    var generators: Set<[UInt8]> = []
    for every in [0, 1, 5] {
      let runs = try TinyRuns(Self.high + ["record.evaluate.every=\(every)", "record.evaluate.images=\(6 + every)"])
      let run = try runs.begin()
      metrics.insert(try runs.contents(run.metrics))
      generators.insert(try runs.contents(run.generator))
      #expect(try runs.files.status(of: run.evaluations) == nil || every > 0)
    }
    #expect(metrics.count == 1 && generators.count == 1)
  }

  @Test func `rows stand on the cadence and at phase ends, and tell what was compared`() throws {
    let runs = try TinyRuns(Self.high)
    let run = try runs.begin()
    let table = try table(run, runs)
    #expect(
      table.columns.joined(separator: ",") == """
        iteration,images,phase,resolution,seed,count.drawn,count.real,swd_16,swd_mean,floor.swd_16,floor.swd_mean,count.swd,\
        ms_ssim,floor.ms_ssim,nearest,floor.nearest,copies
        """)
    #expect(table.columns == EvaluationColumns(runs.spec).all.map(\.name))
    #expect(
      table[column: "iteration"] == ["3", "4", "8", "12", "14"] && table[column: "resolution"] == ["4", "8", "8", "16", "16"])
    #expect(table[column: "images"] == ["9", "12", "24", "36", "42"] && table[column: "seed"] == ["7", "7", "7", "7", "7"])
    // Six images are asked for, and there are five.
    #expect(table[column: "count.drawn"] == ["6", "6", "6", "6", "6"] && table[column: "count.real"] == ["5", "5", "5", "5", "5"])
    #expect(table[column: "count.swd"] == ["", "", "", "2", "2"] && table[column: "ms_ssim"]?.prefix(3) == ["", "", ""])
    for column in ["swd_16", "swd_mean", "ms_ssim", "nearest"] {
      let values = try #require(table[column: column])
      #expect(values[3...].allSatisfy { Double($0)?.isFinite == true }, "\(column): \(values)")
      // The floor is that of the resolution, whatever is drawn.
      let floors = try #require(table[column: "floor.\(column)"])
      #expect(values[3] != values[4] && floors[3] == floors[4] && !floors[4].isEmpty)
    }
  }

  @Test func `metrics that are not asked for have no columns`() throws {
    let runs = try TinyRuns(Self.high + ["record.evaluate.metrics=[memorisation]"])
    #expect(EvaluationColumns(runs.spec).names == ["nearest", "floor.nearest", "copies"])
    #expect(try table(runs.begin(), runs).columns == EvaluationColumns.places.map(\.name) + ["nearest", "floor.nearest", "copies"])
  }

  @Test func `a killed run has the evaluations of one that was not, and is verified`() throws {
    let runs = try TinyRuns(Self.high)
    var copies: [RunDirectory] = []
    let whole = try runs.begin(threads: 2) { run, iteration in
      if [4, 5, 13].contains(iteration) { copies.append(try! runs.copy(run, as: "\(iteration)")) }
      return nil
    }
    #expect(copies.count == 3)
    for copy in copies {
      #expect(try runs.resume(copy) == .finished)
      #expect(try runs.contents(copy.evaluations) == runs.contents(whole.evaluations))
      #expect(try runs.differences(whole, copy) == [])
    }
    let report = try Verification(whole, from: 0, to: 14)(threads: 1)
    #expect(report.differences == [] && report.evaluations == 5 && report.rows == 14)
  }

  @Test func `verifying finds a forged evaluation`() throws {
    let runs = try TinyRuns()
    let run = try runs.begin()
    let text = try runs.text(run.evaluations)
    // Another number of the same length, so that the rows stay where they are.
    let row = try #require(text.split(separator: "\n").last.map(String.init))
    let forged = row.replacing(",7,6,5,", with: ",8,6,5,")
    try AtomicFile.write(text.replacing(row, with: forged), to: run.evaluations, in: runs.files)
    let report = try Verification(run)(threads: 1)
    #expect(report.differences == ["evaluations.csv, line 5, seed: 8 recorded, 7 re-run"])
  }

  @Test func `measuring later gives the row that the run wrote`() throws {
    let runs = try TinyRuns(Self.high + ["record.checkpoints={every: 4, keep: 5}"])
    let run = try runs.begin()
    let lines = try runs.text(run.evaluations).split(separator: "\n").map { String($0) + "\n" }
    for (checkpoint, line) in [(8, lines[3]), (12, lines[4]), (nil, lines[5])] as [(Int?, String)] {
      let evaluation = try RunEvaluation(run, checkpoint: checkpoint, runs.files)
      let row = try evaluation(on: Lanes(count: 2))
      #expect(row.line(evaluation.columns) == line)
    }
    let other = try RunEvaluation(run, images: 9, seed: 3, runs.files)
    let row = try other(on: Lanes(count: 1))
    #expect(row[.drawn] == 9 && row[Column("nearest")] != nil && row.texts([.seed]) == ["seed": "3"])
    let path = runs.path + "/later.csv"
    for _ in 0..<2 { try other.append(row, to: path) }
    #expect(try CSVTable(runs.contents(path))[column: "count.drawn"] == ["9", "9"])
    let fewer = try RunEvaluation(run, runs.files)
    try AtomicFile.write("iteration,other\n", to: path, in: runs.files)
    #expect(throws: UnusableFile.self) { try fewer.append(row, to: path) }
    #expect(fewer.changes == [])
    try runs.writeImage("new", seed: 99)
    #expect(try RunEvaluation(run, runs.files).changes == ["new.png is new"])
  }

  @Test func `the best checkpoint by an evaluated column stays`() throws {
    for order in ["min", "max"] {
      let runs = try TinyRuns([
        "record.checkpoints={every: 2, keep: 2, best: {column: nearest, order: \(order)}}", "record.evaluate.every=2",
      ])
      let run = try runs.begin()
      let table = try table(run, runs)
      let iterations = try #require(table[column: "iteration"]?.compactMap { Int($0) })
      #expect(iterations == [2, 3, 4, 6, 8, 10, 12])
      // The end of the first phase, 3, has no checkpoint.
      let values = try #require(table[column: "nearest"]?.compactMap { Double($0) }).enumerated().filter { $0.offset != 1 }.map(
        \.element)
      let best = try #require(order == "min" ? values.min() : values.max())
      let kept = try CheckpointStore(run.checkpoints, keep: 1, in: runs.files).iterations()
      #expect(Set(kept) == [2 * (values.firstIndex(of: best)! + 1), 10, 12])
    }
  }

  @Test func `rules over evaluated columns count evaluations, and are resumed as they were`() throws {
    let runs = try TinyRuns([
      "record.evaluate.every=2",
      "watch=[{when: nearest > 0 for 2, do: roll back, times: 1}, {when: count.drawn == 6, do: checkpoint}]".replacing(
        "count.drawn == 6", with: "nearest > 0 for 3"),
    ])
    var copies: [RunDirectory] = []
    func run() throws -> RunDirectory {
      do {
        return try runs.begin { run, iteration in
          copies.append(try! runs.copy(run, as: "\(copies.count)"))
          return nil
        }
      }
    }
    let whole = try run()
    let rows = try CSVTable(runs.contents(whole.events)).rows.filter { $0[2] == "watch" }.map { ($0[1], $0[3]) }
    // Found to hold after 2 and 3: back to before 2; then, after 3 again, it may roll back no more.
    #expect(rows.first?.0 == "3" && rows.first?.1.hasPrefix("nearest > 0 for 2: roll back") == true, "\(rows)")
    #expect(rows.dropFirst().first?.1 == "back at checkpoints/000000000.safetensors", "\(rows)")
    #expect(rows.last?.0 == "3" && rows.last?.1.contains("stop") == true, "\(rows)")
    #expect(try runs.status(whole) == .stopped)
    #expect(try table(whole, runs)[column: "iteration"] == ["2", "3"])
    for copy in copies.dropLast() {
      let outcome = try runs.resume(copy)
      guard case .stoppedByRule = outcome else {
        Issue.record("\(String(describing: outcome))")
        continue
      }
      #expect(try runs.contents(copy.evaluations) == runs.contents(whole.evaluations))
      #expect(try runs.contents(copy.metrics) == runs.contents(whole.metrics))
    }
  }

  @Test func `a rule over an evaluated column waits for the next evaluation`() throws {
    let rule = WatchRuleSpec(
      when: try WatchCondition.parse("swd_mean > 5 for 3").condition, action: Choice(RollBackAction.self, .init()))
    let watch = Watch([rule], evaluated: ["swd_mean"], every: 10)
    #expect(watch.longest == 30)
    func row(_ iteration: Int) -> MeasuredRow { MeasuredRow(iteration: iteration, images: 0, phase: 1, resolution: 4) }
    func evaluation(_ iteration: Int, _ value: Float?) -> MeasuredRow {
      var row = row(iteration)
      row[Column("swd_mean")] = value
      return row
    }
    var state = WatchState()
    // Not measured, too low, and one that holds begin anew each time.
    for (iteration, value) in [(10, 7), (20, nil), (30, 6), (40, 5), (50, 6), (60, 9)] as [(Int, Float?)] {
      for between in iteration - 9..<iteration {
        #expect(watch.ask(row(between), &state).isEmpty)
        #expect(!watch.awaitsRollBack(state))
      }
      #expect(watch.ask(row(iteration), evaluation: evaluation(iteration, value), &state).isEmpty)
    }
    #expect(watch.onsets(after: 65, state) == [50])
    let firing = try #require(watch.ask(row(70), evaluation: evaluation(70, 5.5), &state).first)
    #expect(firing.onset == 50 && firing.value == 5.5 && firing.decision.step == .rollBack)
  }

  @Test(arguments: [
    ("record.evaluate.every=-1", "record.evaluate.every"), ("record.evaluate.images=1", "record.evaluate.images"),
    ("record.evaluate.metrics=[swd, swd]", "record.evaluate.metrics.1 is swd again"),
    ("record.evaluate.metrics=[fid]", "swd, ms_ssim or memorisation"),
    ("record.checkpoints.best={column: swd_men}", "swd_mean"),
    ("watch=[{when: swd_32 > 1, do: stop}]", "no column of metrics.csv or evaluations.csv"),
  ])
  func `wrong settings are told`(change: String, text: String) throws {
    let refusal = try #require(throws: Diagnostics.self) { try TinyRuns(Self.high + [change]) }
    #expect(refusal.rendered.contains(text), "\(refusal.rendered)")
  }
}
