import Basics
import Foundation
import Testing

/// Files of a run or sweep that somebody removes or spoils while a process works on it.
@Suite struct RemovedFilesTests {
  /// What somebody may do to a file.
  enum Deed: CaseIterable {
    case removed, emptied, cut, turned

    func apply(to path: String) throws {
      let text = try String(contentsOfFile: path, encoding: .utf8)
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      switch self {
      case .removed: try FileManager.default.removeItem(atPath: path)
      case .emptied: truncate(path, 0)
      case .cut: try Data((lines[0] + "\n").utf8).write(to: URL(filePath: path), options: .atomic)
      case .turned:
        let rows = lines.dropFirst().filter { !$0.isEmpty }.reversed()
        try Data(([lines[0]] + rows).joined(separator: "\n").utf8 + Data("\n".utf8)).write(
          to: URL(filePath: path), options: .atomic)
      }
    }
  }

  /// Waits until the file `name` has `text` in it.
  private func wait(for text: String, in name: String, _ scratch: Scratch) throws {
    let end = Date.now + 120
    while (try? scratch.text(name))?.contains(text) != true {
      try #require(Date.now < end, "'\(text)' did not come into \(name)")
      usleep(5000)
    }
  }

  @Test func `what a run began with is there again when somebody has removed it`() throws {
    let (scratch, untouched) = (try Scratch(), try Scratch())
    let command = ["run", "tiny.yaml", "schedule.phases.1.hold=40", "--label", "x", "--quiet"]
    for scratch in [scratch, untouched] { try scratch.writeTinyExperiment() }
    #expect(try Program.run(command, in: untouched).exitCode == 0)
    let program = try RunningProgram(command, in: scratch)
    let run = "runs/tiny/v001"
    try wait(for: "checkpoint", in: run + "/events.csv", scratch)
    program.send(SIGSTOP)
    // One is changed, and one leads elsewhere; the others are gone.
    try scratch.write("path,sha256\n", to: "cut.csv")
    for name in ["spec.yaml", "source.yaml", "overrides.txt", "dataset.csv", "run.json"] {
      try FileManager.default.removeItem(atPath: scratch(run + "/" + name))
    }
    try FileManager.default.moveItem(atPath: scratch("cut.csv"), toPath: scratch(run + "/dataset.csv"))
    try FileManager.default.createSymbolicLink(atPath: scratch(run + "/source.yaml"), withDestinationPath: "/etc/passwd")
    program.send(SIGCONT)
    #expect(try program.wait().exitCode == 0)
    for name in ["source.yaml", "overrides.txt", "metrics.csv", "dataset.csv"] {
      #expect(try scratch.text(run + "/" + name) == untouched.text(run + "/" + name))
    }
    #expect(try scratch.status() == "finished")
    #expect(try scratch.text(run + "/log.txt").contains("dataset.csv was changed by somebody else"))
    try scratch.write("path,sha256,bytes,width,height,used,reason\n", to: run + "/dataset.csv")
    #expect(try Program.run("verify", "tiny", in: scratch).exitCode == 65)
    #expect(try scratch.text(run + "/log.txt").contains("spec.yaml was removed by somebody else: it is written again"))
  }

  @Test func `rows that are overwritten in place while it trains are there again at the end`() throws {
    let (scratch, untouched) = (try Scratch(), try Scratch())
    let command = ["run", "tiny.yaml", "schedule.phases.1.hold=60", "--quiet"]
    for scratch in [scratch, untouched] { try scratch.writeTinyExperiment() }
    #expect(try Program.run(command, in: untouched).exitCode == 0)
    let program = try RunningProgram(command, in: scratch)
    let (run, table) = ("runs/tiny/v001", "runs/tiny/v001/metrics.csv")
    try wait(for: "\n20,", in: table, scratch)
    program.send(SIGSTOP)
    let file = try FileHandle(forUpdating: URL(filePath: scratch(table)))
    let count = try file.readToEnd()?.count ?? 0
    try file.seek(toOffset: 0)
    try file.write(contentsOf: Data(count: count))
    program.send(SIGCONT)
    #expect(try program.wait().exitCode == 0)
    #expect(try scratch.text(table) == untouched.text(table) && scratch.status() == "finished")
    #expect(
      try scratch.text(run + "/log.txt").contains("metrics.csv was changed by somebody else: the whole table is written again"))
    #expect(try scratch.names(in: run).contains("metrics.csv.replaced-1"))
  }

  private static let sweeps = [
    "grid": "parameters: {optimizer.adam.rate: {values: [1e-4, 1e-3, 3e-3]}}",
    "tpe": "parameters: {optimizer.adam.rate: {log_uniform: [1e-4, 1e-2]}}\nsearch: {tpe: {trials: 3}}",
  ]

  @Test(arguments: ["grid", "tpe"]) func `a sweep's table is whole at the end, whatever somebody does to it`(search: String) throws
  {
    let scratch = try Scratch()
    let rest = "\nobjective: {metric: loss.discriminator}\noverrides: [\"schedule.phases.0.hold=30\"]"
    try scratch.writeTinySweep(Self.sweeps[search]! + rest)
    let reference = try Program.run("sweep", "tiny.sweep.yaml", "--quiet", in: scratch)
    try #require(reference.exitCode == 0, "\(reference.errors)")
    for (number, deed) in Deed.allCases.enumerated() {
      let table = "runs/tiny/v00\(number + 2)/trials.csv"
      let program = try RunningProgram(["sweep", "tiny.sweep.yaml", "--new"], in: scratch)
      try wait(for: "finished", in: table, scratch)
      try deed.apply(to: scratch(table))
      let outcome = try program.wait()
      #expect((outcome.exitCode, outcome.errors) == (0, ""), "\(deed)")
      #expect(try scratch.text(table) == scratch.text("runs/tiny/v001/trials.csv"), "\(deed)")
    }
  }

  @Test func `what a sweep began with is there again when somebody has removed it`() throws {
    let scratch = try Scratch()
    try scratch.writeTinySweep(
      "parameters: {optimizer.adam.rate: {values: [1e-4, 1e-3, 3e-3]}}\noverrides: [\"schedule.phases.0.hold=40\"]")
    let program = try RunningProgram(["sweep", "tiny.sweep.yaml"], in: scratch)
    let sweep = "runs/tiny/v001"
    try wait(for: "checkpoint", in: sweep + "/trials/t0001/events.csv", scratch)
    let images = try scratch.names(in: sweep + "/images").map { "images/" + $0 }
    let names = ["sweep.yaml", "experiment.yaml", "sweep.json", "prefixes/index.csv"] + images
    let before = try names.map { try scratch.text(sweep + "/" + $0) }
    for name in names { try FileManager.default.removeItem(atPath: scratch(sweep + "/" + name)) }
    let outcome = try program.wait()
    #expect((outcome.exitCode, outcome.errors) == (0, ""))
    #expect(outcome.output.contains("sweep.json was removed by somebody else: it is written again"))
    #expect(try names.map { try scratch.text(sweep + "/" + $0) } == before)
    #expect(try scratch.trials().map { $0["status"]! } == ["finished", "finished", "finished"])
  }

  @Test func `a sweep whose lock was removed ends, and another process may go on with it`() throws {
    let scratch = try Scratch()
    try scratch.writeTinySweep(
      "parameters: {optimizer.adam.rate: {values: [1e-4, 1e-3, 3e-3]}}\noverrides: [\"schedule.phases.0.hold=30\"]")
    let program = try RunningProgram(["sweep", "tiny.sweep.yaml"], in: scratch)
    try wait(for: "checkpoint", in: "runs/tiny/v001/trials/t0001/events.csv", scratch)
    try FileManager.default.removeItem(atPath: scratch("runs/tiny/v001/.lock"))
    let second = try RunningProgram(["sweep", "tiny.sweep.yaml"], in: scratch)
    let (first, other) = (try program.wait(), try second.wait())
    #expect(first.exitCode == 74 && first.errors.contains(".lock"), "\(first.errors)")
    #expect((other.exitCode, other.errors) == (0, ""))
    #expect(try scratch.trials().map { $0["status"]! } == ["finished", "finished", "finished"])
  }
}
