import Basics
import Foundation
import Testing

/// Overrides on the command line, and what a run keeps of them.
@Suite struct OverrideTests {
  @Test func `a folder is taken as it is typed, trained on, and resumed`() throws {
    let scratch = try Scratch()
    try scratch.writeTinyExperiment()
    for name in ["my #1 set", "\"quoted", "&anchor", "a: b"] {
      try FileManager.default.copyItem(atPath: scratch("icons"), toPath: scratch(name))
    }
    try FileManager.default.createDirectory(atPath: scratch("my"), withIntermediateDirectories: true)
    for (typed, folder) in [("my #1 set", "my #1 set"), ("&anchor", "&anchor"), ("a: b", "a: b"), ("'my #1 set'", "my #1 set")] {
      let label = ["--label", typed, "--quiet", "--stop-after", "2", "--no-cache"]
      let outcome = try Program.run(
        ["run", "tiny.yaml", "data.folder=" + typed, "--runs", "runs of " + folder] + label, in: scratch)
      #expect(outcome.exitCode == 0, "\(typed): \(outcome.errors)")
      let run = "runs of " + folder + "/tiny/" + (typed.hasPrefix("'") ? "v002" : "v001")
      #expect(try scratch.text(run + "/spec.yaml").contains(scratch(folder)), "\(typed)")
      #expect(try scratch.text(run + "/overrides.txt") == "data.folder=\(typed)\n")
      let resumed = try Program.run(["resume", run, "--quiet", "--stop-after", "3"], in: scratch)
      #expect(resumed.exitCode == 0, "\(typed): \(resumed.errors)")
    }
    for refused in ["\"quoted", "'my' #1 set", "[my] #1"] {
      let outcome = try Program.run("run", "tiny.yaml", "data.folder=" + refused, in: scratch)
      #expect(outcome.exitCode == 65 && outcome.errors.contains("quote"), "\(refused): \(outcome.errors)")
    }
  }

  @Test func `paths are seen from where the user stands and from the user's home`() throws {
    let scratch = try Scratch()
    try scratch.writeTinyExperiment()
    try FileManager.default.createDirectory(atPath: scratch("specs"), withIntermediateDirectories: true)
    try FileManager.default.moveItem(atPath: scratch("tiny.yaml"), toPath: scratch("specs/tiny.yaml"))
    try FileManager.default.createDirectory(atPath: scratch("home"), withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: scratch("icons"), toPath: scratch("home/Pictures"))
    try FileManager.default.copyItem(atPath: scratch("icons"), toPath: scratch("specs/beside"))
    let home = ["HOME": scratch("home")]
    for (folder, path) in [("icons", "icons"), ("~/Pictures", "home/Pictures"), ("specs/../icons", "icons")] {
      let outcome = try Program.run(
        ["run", "specs/tiny.yaml", "data.folder=" + folder, "--runs=~/runs", "--quiet", "--stop-after", "1"], in: scratch,
        environment: home)
      #expect(outcome.exitCode == 0, "\(folder): \(outcome.errors)")
      let newest = try scratch.names(in: "home/runs/tiny").last!
      #expect(try scratch.text("home/runs/tiny/\(newest)/spec.yaml").contains("folder: \(scratch(path))\n"), "\(folder)")
    }
    let drawn = try Program.run(
      ["generate", "tiny", "--runs", "~/runs", "--count", "1", "--out=~/drawn"], in: scratch, environment: home)
    #expect(drawn.exitCode == 0, "\(drawn.errors)")
    #expect(try scratch.names(in: "home").contains("drawn") && !scratch.names().contains("~"))
    let missing = try Program.run("run", "specs/tiny.yaml", "data.folder=beside", in: scratch)
    #expect(missing.exitCode == 66 && missing.errors.contains("data.folder=\(scratch("specs/beside"))"), "\(missing.errors)")
  }
}
