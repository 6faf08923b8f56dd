import Basics
import Foundation
import Runs
import Testing

/// Runs of somebody else: what a stranger put into them is data, shown escaped, and leads nowhere.
@Suite struct ForeignRunTests {
  private static let secret = "hunter2"

  /// Texts that steer a terminal, turn round what follows, or look like a line of the program.
  private static let hostile = [
    "\u{1b}[31mred", "\u{1b}]0;owned\u{7}", "a\rb", "first\nrun.json: error: fake", "\u{202e}gnp.exe", "\u{2066}x\u{2069}",
    "\u{200f}",
    "\u{9b}31m", "\u{85}", "\u{2028}\u{2029}", "\u{feff}", "\u{61c}", "\u{7f}", "\u{1b}[2K\u{1b}[1A",
  ]

  /// Whether a terminal could take nothing in `text` for a command.
  private func isSafe(_ text: String) -> Bool { text.unicodeScalars.allSatisfy { $0 == "\n" || !$0.isControl } }

  /// A text as JSON and YAML spell it in one line.
  private func quoted(_ text: String) -> String {
    "\"" + text.unicodeScalars.map { $0.isControl ? "\\u" + String(format: "%04x", $0.value) : String($0) }.joined() + "\""
  }

  /// Makes a run with `text` wherever a run can have one.
  private func makeRun(_ folder: String, _ text: String, in scratch: Scratch) throws {
    let line = text.split(whereSeparator: { $0 == "\n" || $0 == "\r" }).joined()
    let words = quoted(text)
    try scratch.write(
      """
      {"format_version": 1, "id": \(words), "name": \(words), "version": 1, "label": \(words), "seed": 1, "iterations": 10,
      "created": \(words), "finished": \(words), "host": \(words), "cpu": \(words), "threads": 2, "fadein_version": \(words),
      "git_commit": \(words), "dataset_hash": \(words), "spec_hash": \(words), "sweep": null, "trial": null}
      """, to: "\(folder)/run.json")
    try scratch.write("version: 1\nname: \(words)\nseed: 1\nmap: {a: \(words), b: [\(words)]}\n", to: "\(folder)/spec.yaml")
    try scratch.write("", to: "\(folder)/generator.safetensors")
    try scratch.write(
      "time,iteration,event,detail\n\(line),0,resume,\(line)\n\(line),10,finish,\(line)\n", to: "\(folder)/events.csv")
    try scratch.write(
      "iteration,images,phase,resolution,loss.generator,\(line)\n5,80,1,4,0.5,1.0\n10,160,1,4,0.25,2.0\n",
      to: "\(folder)/metrics.csv")
  }

  @Test func `no text of a run steers the terminal`() throws {
    let scratch = try Scratch()
    for (number, text) in Self.hostile.enumerated() {
      try makeRun("runs/a\(number)/v001", text, in: scratch)
      // Cells that are no numbers, and a name that is none.
      try makeRun("runs/b\(number)/v001", text, in: scratch)
      try scratch.write("iteration,images,loss.generator\n10,160,\(text)\n", to: "runs/b\(number)/v001/metrics.csv")
      try scratch.write("x", to: "runs/\(text)/x")
      try scratch.write("x", to: "runs/a\(number)/\(text)/x")
    }
    let commands: [[String]] = [
      ["list"], ["list", "--json"], ["compare"], ["compare", "--no-only-changed", "--columns", "*"], ["compare", "--csv", "-"],
      ["report", "--out", "page.html"], ["compare", "--sort", "\u{1b}[31m"], ["list", "\u{202e}"], ["verify", "a0"],
      ["evaluate", "a1"], ["generate", "a2"],
    ]
    let pairs = Self.hostile.indices.dropFirst().map { ["why", "a0", "a\($0)"] } + [["why", "a0", "b0"]]
    for command in commands + pairs {
      let outcome = try Program.run(command, in: scratch, output: .terminal(rows: 24, columns: 80))
      #expect(isSafe(outcome.output), "\(command): \(outcome.output.debugDescription)")
      #expect(isSafe(outcome.errors), "\(command): \(outcome.errors.debugDescription)")
      #expect(outcome.exitCode != 70 && outcome.exitCode >= 0, "\(command): \(outcome.exitCode) \(outcome.errors)")
    }
    // A file gets the text as it is.
    let csv = try Program.run("compare", "--csv", "-", in: scratch)
    #expect(csv.output.contains(Self.hostile[0]) && csv.output.contains(Self.hostile[4]))
  }

  @Test func `two columns of one name in two spellings are no table to any command`() throws {
    let scratch = try Scratch()
    for name in ["a", "b", "c"] { try makeRun("runs/\(name)/v001", "x", in: scratch) }
    for (name, cells) in [("a", "1,1"), ("b", "0,1")] {
      try scratch.write(
        "iteration,images,caf\u{e9},cafe\u{301}\n10,160,\(cells)\n", to: "runs/\(name)/v001/metrics.csv")
    }
    for pair in [["a", "b"], ["a", "c"], ["c", "a"], ["a", "a"]] {
      let why = try Program.run(["why"] + pair, in: scratch)
      #expect(why.exitCode == 65 && why.errors.contains("its columns 3 and 4 are both called"), "\(pair): \(why)")
    }
    let compare = try Program.run("compare", "--json", in: scratch)
    #expect(
      compare.exitCode == 0 && !compare.output.contains("caf") && compare.errors.contains("its columns 3 and 4 are both called"))
    let report = try Program.run("report", "--out", "page.html", in: scratch)
    #expect(report.exitCode == 0 && report.errors.contains("its columns 3 and 4 are both called"))
    let list = try Program.run("list", "--json", in: scratch)
    #expect(list.exitCode == 0 && !list.output.contains("caf"))
  }

  @Test func `a cell that a spreadsheet would run is written so that it does not`() throws {
    let scratch = try Scratch()
    for (number, start) in ["=", "+", "-", "@", "\t", "\u{ff1d}"].enumerated() {
      try makeRun("runs/a\(number)/v001", "\(start)1+cmd|' /C calc'!A0", in: scratch)
    }
    let csv = try Program.run("compare", "--csv", "-", in: scratch)
    for row in [try CSVTable(Array(csv.output.utf8))].flatMap({ [$0.columns] + $0.rows }) {
      for cell in row where Double(cell) == nil {
        #expect(cell.unicodeScalars.first.map { !"=+-@\t\r\u{ff1d}".unicodeScalars.contains($0) } ?? true, "\(cell)")
      }
    }
  }

  @Test func `links, pipes and folders in place of a run's files are named and never followed`() throws {
    let scratch = try Scratch()
    try scratch.writeTinyExperiment()
    #expect(try Program.run("run", "tiny.yaml", "--quiet", "--no-cache", in: scratch).exitCode == 0)
    let own = "runs/tiny/v001"
    let manager = FileManager.default
    // What lies outside looks like what a run has there, so that following it would show it.
    try manager.copyItem(atPath: scratch(own), toPath: scratch("outside"))
    try scratch.write("registry: x\nversion: 1\npassword: \(Self.secret)\n", to: "outside/spec.yaml")
    try scratch.write(
      try scratch.text("outside/run.json").replacing("\"label\" : null", with: "\"label\" : \"\(Self.secret)\""),
      to: "outside/run.json")
    for name in ["metrics.csv", "evaluations.csv", "timing.csv"] {
      let lines = try scratch.text("outside/\(name)").split(separator: "\n")
      try scratch.write(lines.enumerated().map { "\($1),\($0 == 0 ? Self.secret : "1")\n" }.joined(), to: "outside/\(name)")
    }
    let files = ["spec.yaml", "run.json", "metrics.csv", "evaluations.csv", "timing.csv", "events.csv", "generator.safetensors"]
    var (version, damaged) = (1, [String]())
    for name in files {
      for kind in ["link", "pipe", "folder"] {
        version += 1
        let run = "runs/tiny/v" + String(format: "%03d", version)
        try manager.copyItem(atPath: scratch(own), toPath: scratch(run))
        try manager.removeItem(atPath: scratch("\(run)/\(name)"))
        switch kind {
        case "link": try #require(symlink(scratch("outside/\(name)"), scratch("\(run)/\(name)")) == 0)
        case "pipe": try #require(mkfifo(scratch("\(run)/\(name)"), 0o600) == 0)
        default: try manager.createDirectory(atPath: scratch("\(run)/\(name)"), withIntermediateDirectories: true)
        }
        damaged.append(run)
        if kind == "link" || name == "spec.yaml" {
          for command in [["verify", run], ["evaluate", run], ["why", run, own], ["generate", run]] {
            let outcome = try Program.run(command, in: scratch, timeoutSeconds: 60)
            // Others are not read by all of them.
            let isRead =
              name == "spec.yaml" || name == "run.json" && command[0] != "generate" || name == "metrics.csv" && command[0] == "why"
            #expect(!isRead || outcome.exitCode > 0 && outcome.errors.contains(run), "\(command): \(outcome.errors)")
            #expect(!(outcome.output + outcome.errors).contains(Self.secret), "\(command): \(outcome.output) \(outcome.errors)")
          }
        }
      }
    }
    // Whole folders that lead elsewhere: a run, a name, a sweep's trials, samples.
    try scratch.write(try scratch.text("outside/run.json"), to: "outside/away/v001/run.json")
    try scratch.write(try scratch.text("outside/spec.yaml"), to: "outside/away/v001/spec.yaml")
    try #require(symlink(scratch("outside/away/v001"), scratch("runs/tiny/v900")) == 0)
    try #require(symlink(scratch("outside/away"), scratch("runs/away")) == 0)
    try scratch.write("version: 1\n", to: "runs/study/v001/sweep.yaml")
    try scratch.write("version: 1\n", to: "runs/other/v001/sweep.yaml")
    try #require(symlink(scratch("outside/away"), scratch("runs/study/v001/trials")) == 0)
    try manager.createDirectory(atPath: scratch("runs/other/v001/trials"), withIntermediateDirectories: true)
    try #require(symlink(scratch("outside/away/v001"), scratch("runs/other/v001/trials/t0001")) == 0)
    try manager.removeItem(atPath: scratch("\(own)/samples"))
    try #require(symlink(scratch("outside/samples"), scratch("\(own)/samples")) == 0)
    let links = ["runs/tiny/v900", "runs/away", "runs/study/v001/trials", "runs/other/v001/trials/t0001"]
    for command in [["list"], ["compare"], ["compare", "tiny/*"], ["report", "--out", "page.html"]] {
      let outcome = try Program.run(command, in: scratch, timeoutSeconds: 60)
      let expected = command.count == 2 ? damaged + links.prefix(1) : damaged + links
      for path in expected where !outcome.errors.contains("\(path): warning: skipped: ") {
        // A list does not read these.
        let isUnread = command == ["list"] && damaged.firstIndex(of: path).map { [0, 4].contains($0 / 3) } ?? false
        #expect(isUnread, "\(command): \(path) is not named")
      }
      #expect(!(outcome.output + outcome.errors).contains(Self.secret), "\(command): \(outcome.output)")
    }
    let page = try scratch.text("page.html")
    #expect(!page.contains(Self.secret) && !page.contains("data:image"))
    #expect(page.contains("\(own)/samples"))
  }
}
