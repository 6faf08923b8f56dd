import Basics
import Foundation
import Runs
import Testing

@Suite struct ListTests {
  let files = LocalFileSystem()

  /// Makes a run of the schedule's 100 iterations under `runs`, with a row of metrics when `iteration` is given.
  @discardableResult
  private func makeRun(
    _ name: String, in scratch: Scratch, events: [RunEvent] = [.start], iteration: Int? = nil, loss: Float = 0.5,
    label: String? = nil
  ) throws -> RunDirectory {
    let (run, version) = try RunDirectory.take(try #require(RunName(name)), in: scratch("runs"), files)
    var manifest = Manifest(
      id: "\(name)/\(version)", name: name, version: version.number, seed: 3, iterations: 100,
      created: Timestamp(milliseconds: 86_400_000), threads: 2, fadeinVersion: "0.1.0", specHash: "abc")
    manifest.label = label
    try manifest.write(to: run, files)
    let log = try EventsCSV(run.events, keep: .wholeLines, in: files)
    for event in events { try log.append(EventRow(event, iteration: 1, time: .now)) }
    if let iteration {
      let losses = ["loss.generator", "loss.discriminator"].map { Column($0) }
      let metrics = try ColumnLog(run.metrics, Column.first + [.alpha] + losses, keep: .bytes(0), in: files)
      var row = MeasuredRow(iteration: iteration, images: 0, phase: 2, resolution: 8)
      (row[.alpha], row[losses[0]], row[losses[1]]) = (1, loss, -loss)
      try metrics.append(row.cells)
    }
    return run
  }

  @Test func `no folder and an empty folder are friendly lines`() throws {
    let scratch = try Scratch()
    let missing = try Program.run("list", in: scratch)
    #expect((missing.exitCode, missing.output) == (0, ""))
    #expect(missing.errors == "There is no folder 'runs' yet: a first 'fadein run' makes it.\n")
    try scratch.write("about this folder", to: "runs/README.md")
    let empty = try Program.run("list", "--json", in: scratch)
    #expect((empty.exitCode, empty.output) == (0, ""))
    #expect(empty.errors == "There are no runs in 'runs' yet.\n")
  }

  @Test func `a file instead of a folder is not found`() throws {
    let scratch = try Scratch()
    try scratch.write("x", to: "file")
    let outcome = try Program.run("list", "--runs", "file", in: scratch)
    #expect(outcome.exitCode == 66)
    #expect(outcome.errors == "error: cannot list 'file': Not a directory\n")
  }

  @Test func `runs are a table`() throws {
    let scratch = try Scratch()
    let done = try makeRun("b", in: scratch, events: [.start, .finish], iteration: 100, loss: 1 / 3, label: "the best")
    try scratch.write("x", to: "runs/b/v001/generator.safetensors")
    try makeRun("a-long-name", in: scratch, iteration: 39, loss: .nan)
    let running = try makeRun("a-long-name", in: scratch)
    let lock = try RunLock(running, files)
    let outcome = try Program.run("list", in: scratch)
    withExtendedLifetime((lock, done)) {}
    #expect(outcome.exitCode == 0)
    #expect(
      outcome.output == """
        NAME         VERSION  STATUS       PHASE    PROGRESS  ITERATION  LOSS.GENERATOR  LOSS.DISCRIMINATOR  LABEL     STARTED (UTC)
        a-long-name  v001     interrupted  2 (8x8)       39%     39/100             nan                 nan            1970-01-02 00:00
        a-long-name  v002     running                     0%      0/100                                                1970-01-02 00:00
        b            v001     finished     2 (8x8)      100%    100/100          0.3333             -0.3333  the best  1970-01-02 00:00

        """)
    #expect(outcome.errors.isEmpty)
  }

  @Test func `runs are JSON, an object a line`() throws {
    let scratch = try Scratch()
    try makeRun("a", in: scratch, iteration: 39, loss: .infinity, label: "\"x\"\n\u{1b}[31m")
    try makeRun("b", in: scratch)
    let outcome = try Program.run("list", "--json", "--runs", "./runs/", in: scratch)
    #expect(outcome.exitCode == 0)
    try #require(outcome.lines.count == 2)
    let objects = try outcome.lines.map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    let (a, b) = (objects[0], objects[1])
    #expect(a["run"] as? String == "./runs/a/v001")
    #expect(a["name"] as? String == "a" && a["version"] as? String == "v001")
    #expect(a["status"] as? String == "interrupted")
    #expect(a["iteration"] as? Int == 39 && a["iterations"] as? Int == 100 && a["progress"] as? Double == 0.39)
    #expect(a["phase"] as? Int == 2 && a["resolution"] as? Int == 8)
    #expect(a["label"] as? String == "\"x\"\n\u{1b}[31m")
    #expect(a["started"] as? String == "1970-01-02T00:00:00.000Z")
    let metrics = try #require(a["metrics"] as? [String: Any])
    #expect(metrics["loss.generator"] as? String == "inf" && metrics["alpha"] as? Double == 1)
    #expect(metrics["score.real"] == nil && metrics["iteration"] == nil)
    #expect((b["metrics"] as? [String: Any])?.isEmpty == true && b["phase"] == nil)
    #expect(!outcome.output.contains("\u{1b}"))
  }

  @Test func `damaged and foreign folders are named and do no harm`() throws {
    let scratch = try Scratch()
    try makeRun("good", in: scratch, label: "\u{1b}]0;owned\u{7}")
    try scratch.write("{}", to: "runs/damaged/v001/run.json")
    try scratch.write("x", to: "runs/damaged/notes.txt")
    try scratch.write("x", to: "runs/not a name/x")
    try scratch.write("x", to: "runs/bare/v001/metrics.csv")
    let odd = try makeRun("odd", in: scratch)
    try scratch.write("iteration,phase,resolution\n\(Int.min),-1,many\n", to: "runs/odd/v001/metrics.csv")
    let outcome = try Program.run("list", in: scratch)
    withExtendedLifetime(odd) {}
    #expect(outcome.exitCode == 0)
    #expect(outcome.lines.count == 3 && outcome.output.contains("\ngood ") && outcome.output.contains("\nodd "))
    #expect(!outcome.output.contains("\u{1b}") && outcome.output.contains("\\u{1B}]0;owned\\u{7}"))
    #expect(
      outcome.errors == """
        runs/bare/v001: warning: skipped: it has no run.json
        runs/damaged/notes.txt: warning: skipped: it is not a version of a run
        runs/damaged/v001: warning: skipped: its run.json cannot be used: it is not a manifest of Fadein
        runs/not a name: warning: skipped: 'not a name' is not the name of a run

        """)
  }

  @Test func `a name shows the runs of that name only, and a near miss is answered`() throws {
    let scratch = try Scratch()
    for name in ["mel", "mel", "quickstart"] { try makeRun(name, in: scratch) }
    try scratch.write("{}", to: "runs/other/v001/run.json")
    let some = try Program.run("list", "mel", in: scratch)
    #expect((some.exitCode, some.lines.count, some.errors) == (0, 3, ""))
    let none = try Program.run("list", "quikstart", in: scratch)
    #expect((none.exitCode, none.output) == (66, ""))
    #expect(none.errors == "error: there is no run named 'quikstart' in 'runs'\n  did you mean 'quickstart'?\n")
  }

  @Test func `a sweep's trials are runs of its version`() throws {
    let scratch = try Scratch()
    try scratch.write("version: 1\n", to: "runs/study/v001/sweep.yaml")
    let run = try makeRun("study", in: scratch)
    try FileManager.default.createDirectory(atPath: scratch("runs/study/v001/trials"), withIntermediateDirectories: true)
    try FileManager.default.moveItem(atPath: run.path, toPath: scratch("runs/study/v001/trials/t0001"))
    let outcome = try Program.run("list", in: scratch)
    #expect(outcome.lines.last?.hasPrefix("study  v001/trials/t0001  interrupted") == true, "\(outcome.output)")
  }

  @Test(arguments: ["list", "compare"]) func `many that are left out for one reason are few lines`(command: String) throws {
    let scratch = try Scratch()
    for number in 1...300 { try scratch.write("{", to: "runs/a/v\(String(format: "%03d", number))/run.json") }
    let outcome = try Program.run(command, in: scratch)
    #expect(outcome.errors.split(separator: "\n").count { $0.contains("skipped") } == 21, "\(outcome.errors)")
    for number in 1...300 {
      try FileManager.default.removeItem(atPath: scratch("runs/a/v\(String(format: "%03d", number))/run.json"))
    }
    let empty = try Program.run(command, in: scratch).errors.split(separator: "\n")
    #expect(
      empty.count { $0.contains("skipped") } == 21 && empty.contains { $0.hasSuffix("skipped 280 more: it has no run.json") },
      "\(empty)")
  }
}
