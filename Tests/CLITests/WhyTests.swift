import Basics
import Foundation
import Runs
import Testing

@Suite struct WhyTests {
  let files = LocalFileSystem()

  /// Makes a run with this spec and these losses, ten iterations apart.
  private func makeRun(
    _ name: String, in scratch: Scratch, spec: String = "name: a\nseed: 0\n", losses: [Float], threads: Int = 2,
    events: [RunEvent] = [.start]
  ) throws {
    let (run, version) = try RunDirectory.take(try #require(RunName(name)), in: scratch("runs"), files)
    let manifest = Manifest(
      id: "\(name)/\(version)", name: name, version: version.number, seed: 3, iterations: 100,
      created: Timestamp(milliseconds: 0), threads: threads, fadeinVersion: "0.1.0", specHash: "abc")
    try manifest.write(to: run, files)
    try run.writeSources(spec: spec, source: [], overrides: [], files)
    let log = try EventsCSV(run.events, keep: .wholeLines, in: files)
    for event in events { try log.append(EventRow(event, iteration: 5, detail: "in words", time: .now)) }
    let columns = ["loss.generator", "loss.discriminator"].map { Column($0) }
    let metrics = try ColumnLog(run.metrics, Column.first + columns, keep: .bytes(0), in: files)
    for (index, loss) in losses.enumerated() {
      var row = MeasuredRow(iteration: 10 * (index + 1), images: 0, phase: 1, resolution: 4)
      (row[columns[0]], row[columns[1]]) = (loss, 1)
      try metrics.append(row.cells)
    }
  }

  @Test func `a difference that finds no room is none`() throws {
    let scratch = try Scratch()
    try makeRun("a", in: scratch, losses: [1, 2])
    try makeRun("b", in: scratch, losses: [1, 3])
    #expect(try Program.run("why", "a", "b", in: scratch).exitCode == 1)
    #expect(try Program.run("why", "a", "b", in: scratch, output: .file("/dev/full")).exitCode == 74)
  }

  @Test func `runs that agree are the same bytes`() throws {
    let scratch = try Scratch()
    try makeRun("a", in: scratch, losses: [1, 2, 3])
    try makeRun("b", in: scratch, losses: [1, 2])
    let outcome = try Program.run("why", "a", "b", in: scratch)
    #expect((outcome.exitCode, outcome.errors) == (0, ""))
    #expect(
      outcome.output == """
        equal specs, images, versions of Fadein, processors and threads
        metrics.csv: the same bytes as far as both go, 2 of 3 and 2 rows

        """)
  }

  @Test func `runs that part are told apart by what they were given, where and in what`() throws {
    let scratch = try Scratch()
    try makeRun("a", in: scratch, losses: [1, 2, 3], events: [.start, .resume])
    try makeRun("b", in: scratch, spec: "name: a\nseed: 1\nextra: on\n", losses: [1, 2, 4, 5], threads: 1)
    let outcome = try Program.run("why", "a", "b/v001", in: scratch)
    #expect((outcome.exitCode, outcome.errors) == (1, ""))
    #expect(
      outcome.output == """
        DIFFERENT  runs/a/v001  runs/b/v001
        seed       0            1
        extra      -            on
        threads    2            1
        metrics.csv: 2 of 3 and 4 rows agree, up to iteration 20
        iteration 30: loss.generator is 3.0 and 4.0
        before that: runs/a/v001 at iteration 5: resume: in words

        """)
  }

  @Test func `a run without rows and a word that is no run`() throws {
    let scratch = try Scratch()
    try makeRun("a", in: scratch, losses: [])
    try makeRun("b", in: scratch, losses: [1])
    try FileManager.default.removeItem(atPath: scratch("runs/a/v001/metrics.csv"))
    let outcome = try Program.run("why", "a", "b", in: scratch)
    #expect(outcome.exitCode == 0 && outcome.output.hasSuffix("metrics.csv: not in both of them yet\n"))
    #expect(try Program.run("why", "a", "c", in: scratch).exitCode == 66)
  }
}
