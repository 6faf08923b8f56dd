import Basics
import Foundation
import Images
import Runs
import Testing

/// What a user may point the program at, by mistake or because somebody else made it: one clear message, soon, and
/// nothing written where it was not asked for.
@Suite struct HostileInputTests {
  let files = LocalFileSystem()

  /// Whether a terminal could take nothing in `text` for a command.
  private func isSafe(_ text: String) -> Bool { text.unicodeScalars.allSatisfy { $0 == "\n" || !$0.isControl } }

  @Test(arguments: ["validate", "run", "plan", "bench"])
  func `a spec that is a pipe, a device, a folder or a link to itself is refused without waiting`(command: String) throws {
    let scratch = try Scratch()
    try #require(mkfifo(scratch("pipe.yaml"), 0o600) == 0)
    try #require(symlink("loop.yaml", scratch("loop.yaml")) == 0)
    for (spec, code) in [("pipe.yaml", 65), ("/dev/zero", 65), (".", 65), ("loop.yaml", 74)] as [(String, Int32)] {
      let outcome = try Program.run(command, spec, in: scratch)
      #expect((outcome.exitCode, outcome.output) == (code, ""), "\(spec): \(outcome.errors)")
      #expect(outcome.errors.hasPrefix("\(spec): error: "), "\(outcome.errors)")
    }
    #expect(try scratch.names() == ["loop.yaml", "pipe.yaml"])
  }

  @Test(arguments: [
    "../x", "a/b", ".", "..", "-rf", "/tmp/fadein-hostile", "\\0", "x\\n", "\\e[31m", String(repeating: "n", count: 255),
  ])
  func `a spec whose name leads elsewhere makes no folder`(name: String) throws {
    let scratch = try Scratch()
    try scratch.writeTinyExperiment()
    try scratch.write(Scratch.tinySpec.replacing("name: tiny", with: "name: \"\(name)\""), to: "tiny.yaml")
    let outcome = try Program.run("run", "tiny.yaml", in: scratch)
    #expect((outcome.exitCode, outcome.output) == (65, ""), "\(outcome.errors)")
    #expect(isSafe(outcome.errors))
    #expect(try scratch.names() == ["icons", "tiny.yaml"])
    #expect(try scratch.names(in: "..") == ["captures", "work"])
  }

  @Test(arguments: ["../x", "a/../../b", ".", "..", "\u{1b}[31m", String(repeating: "n", count: 255), "a\nb", "v001"])
  func `a run of that name is not found, and the message is safe to print`(name: String) throws {
    let scratch = try Scratch()
    try scratch.write("about this folder", to: "runs/README.md")
    for arguments in [["generate", name], ["list", name]] {
      let outcome = try Program.run(arguments, in: scratch)
      #expect((outcome.exitCode, outcome.output) == (arguments[0] == "list" && name.isEmpty ? 0 : 66, ""), "\(outcome.errors)")
      #expect(isSafe(outcome.errors) && outcome.errors.contains("error: there is no run"), "\(outcome.errors)")
    }
    #expect(try scratch.names() == ["runs"])
  }

  @Test func `a name like an option is taken for one`() throws {
    let outcome = try Program.run("generate", "-rf", in: Scratch())
    #expect(outcome.exitCode == 64)
  }

  @Test func `a name longer than the system's is an error in words`() throws {
    let outcome = try Program.run("generate", String(repeating: "n", count: 5000), in: Scratch())
    #expect(outcome.exitCode == 74)
    #expect(outcome.errors.contains("File name too long"))
  }

  @Test func `what is no image is named in safe words, and the training goes on`() throws {
    let scratch = try Scratch()
    try scratch.writeTinyExperiment()
    try #require(mkfifo(scratch("icons/pipe.png"), 0o600) == 0)
    try #require(symlink("loop.png", scratch("icons/loop.png")) == 0)
    try #require(symlink("/etc/passwd", scratch("icons/out.png")) == 0)
    try #require(symlink("/dev/zero", scratch("icons/zero.png")) == 0)
    try scratch.write("x", to: "icons/\u{1b}]0;owned\u{7}\u{9b}31m\u{202e}.png")
    try scratch.write("x", to: "icons/folder.png/y.png")
    let outcome = try Program.run("run", "tiny.yaml", in: scratch)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(isSafe(outcome.output) && isSafe(outcome.errors))
    #expect(isSafe(try scratch.text("runs/tiny/v001/log.txt")))
    for line in [
      "skipped pipe.png: not a regular file", "skipped loop.png: a broken link",
      "skipped 2 files: a link out of the folder (out.png, zero.png)", "skipped folder.png: a folder",
      "skipped 2 files: not a PNG (\\u{1B}]0;owned\\u{7}\\u{9B}31m\\u{202E}.png, folder.png/y.png)",
    ] {
      #expect(outcome.lines.contains(line), "\(line)\n\(outcome.output)")
    }
  }

  @Test func `a list of runs made by somebody else is safe to print`() throws {
    let scratch = try Scratch()
    let (run, _) = try RunDirectory.take(try #require(RunName("a")), in: scratch("runs"), files)
    var manifest = Manifest(
      id: "a/v001", name: "\u{1b}[2J", version: -1, seed: 0, iterations: -7, created: .now, threads: 0,
      fadeinVersion: "\u{9b}", specHash: "")
    manifest.label = "\u{9b}31m\u{202e}" + String(repeating: "x", count: 9_000)
    try manifest.write(to: run, files)
    try scratch.write("iteration,phase,loss.generator\n-9,1,\u{9b}2J\n", to: "runs/a/v001/metrics.csv")
    try scratch.write("x", to: "runs/\u{1b}[31m/x")
    try #require(mkfifo(scratch("runs/pipe"), 0o600) == 0)
    try FileManager.default.createDirectory(atPath: scratch("runs/a/v9223372036854775807"), withIntermediateDirectories: true)
    for arguments in [["list"], ["list", "--json"]] {
      let outcome = try Program.run(arguments, in: scratch)
      #expect(outcome.exitCode == 0, "\(outcome.errors)")
      #expect(isSafe(outcome.output) && isSafe(outcome.errors))
      if arguments.count == 1 { #expect(outcome.lines.allSatisfy { $0.count < 300 }) }
    }
    let object = try JSONSerialization.jsonObject(with: Data(try Program.run("list", "--json", in: scratch).output.utf8))
    #expect((object as? [String: Any])?["label"] as? String == manifest.label)
  }

  @Test func `a checkpoint from beyond the schedule is refused, not trusted`() throws {
    let scratch = try Scratch()
    try scratch.writeTinyExperiment()
    try #require(try Program.run("run", "tiny.yaml", "--quiet", "--stop-after", "7", in: scratch).exitCode == 0)
    let store = CheckpointStore(scratch("runs/tiny/v001/checkpoints"), keep: 9, in: files)
    try store.save(Checkpoint(iteration: 999, tensors: [], state: [:]))
    let outcome = try Program.run("generate", "tiny", "--checkpoint", "999", in: scratch)
    #expect(outcome.exitCode == 65)
    #expect(outcome.errors.contains("its iteration 999 is not among the 12 of the spec"), "\(outcome.errors)")
  }
}
