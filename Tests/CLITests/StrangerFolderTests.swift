import Basics
import Foundation
import Testing

/// A run's folder comes from a stranger: each of its names may be a link, a second hard link, a pipe or the wrong kind of thing. No
/// command reads, writes, removes or waits for what is outside.
@Suite struct StrangerFolderTests {
  /// Every name that a run leaves or a command looks for.
  private static let names = [
    "samples", "checkpoints", "generated", "metrics.csv", "timing.csv", "phases.csv", "evaluations.csv", "events.csv", "log.txt",
    ".lock", "run.json", "spec.yaml", "source.yaml", "overrides.txt", "dataset.csv", "generator.safetensors",
    "samples/000006.png", "checkpoints/000000005.safetensors",
  ]

  private enum Trap: CaseIterable, Sendable { case link, hardLink, pipe, folder }

  private static let secret = "hunter2-secret"

  private static let commands = [
    ["list"], ["list", "--json"], ["compare", "tiny"], ["compare", "tiny", "--csv", "-"], ["why", "tiny/v001", "tiny/v002"],
    ["report", "--out", "page.html"], ["verify", "tiny/v001"], ["evaluate", "tiny/v001"],
    ["generate", "tiny/v001", "--count", "2"],
    ["resume", "tiny/v001", "--accept"],
  ]

  /// Two stopped runs, and a home with a file that the traps lead to.
  private func place() throws -> Scratch {
    let scratch = try Scratch()
    try scratch.writeTinyExperiment()
    for seed in ["1", "2"] {
      let outcome = try Program.run(
        "run", "tiny.yaml", "seed=\(seed)", "--stop-after", "7", "--threads", "1", "--quiet", in: scratch)
      try #require(outcome.exitCode == 0, "\(outcome.errors)")
    }
    return scratch
  }

  /// Makes a home in which `file` is what a stranger would like to reach.
  private func makeHome(of scratch: Scratch, like original: String) throws {
    try? FileManager.default.removeItem(atPath: scratch("home"))
    try scratch.write("password: \(Self.secret)\n", to: "home/secret.yaml")
    try scratch.write("precious", to: "home/folder/000006.png")
    try scratch.write("precious", to: "home/folder/\(AtomicFile.mark)1-1-x")
    // A second link to a file as the run would have it, so that a command has every reason to go on with it.
    if let data = FileManager.default.contents(atPath: scratch(original)), !data.isEmpty {
      try data.write(to: URL(filePath: scratch("home/twin")))
    } else {
      try scratch.write("twin", to: "home/twin")
    }
  }

  private func lay(_ trap: Trap, at path: String, in scratch: Scratch) throws {
    var isFolder: ObjCBool = false
    _ = FileManager.default.fileExists(atPath: scratch(path), isDirectory: &isFolder)
    isFolder = ObjCBool(isFolder.boolValue || path.hasSuffix("generated"))
    try? FileManager.default.removeItem(atPath: scratch(path))
    switch trap {
    case .link: try #require(symlink(scratch(isFolder.boolValue ? "home/folder" : "home/secret.yaml"), scratch(path)) == 0)
    case .hardLink: try #require(Foundation.link(scratch("home/twin"), scratch(path)) == 0)
    case .pipe: try #require(mkfifo(scratch(path), 0o600) == 0)
    case .folder where isFolder.boolValue: try scratch.write("a file", to: path)
    case .folder: try FileManager.default.createDirectory(atPath: scratch(path), withIntermediateDirectories: true)
    }
  }

  @Test(arguments: Trap.allCases) private func `no command leaves the folder`(trap: Trap) throws {
    let original = try place()
    for (number, name) in Self.names.enumerated() {
      // Every command is tried against every name over the traps; each trap takes another half.
      for (index, command) in Self.commands.enumerated() where (index + number + Trap.allCases.firstIndex(of: trap)!) % 2 == 0 {
        let scratch = try Scratch()
        for item in ["icons", "runs"] { try FileManager.default.copyItem(atPath: original(item), toPath: scratch(item)) }
        let path = "runs/tiny/v001/\(name)"
        try makeHome(of: scratch, like: path)
        try lay(trap, at: path, in: scratch)
        let before = try scratch.everything(in: "home")
        let outcome = try Program.run(
          command + (["resume", "verify"].contains(command[0]) ? ["--threads", "1"] : []), in: scratch, timeoutSeconds: 60)
        let place = "\(trap), \(name), \(command.joined(separator: " ")): \(outcome.errors)"
        #expect(try scratch.everything(in: "home") == before, "\(place)")
        #expect(outcome.exitCode >= 0 && outcome.exitCode != 70 && outcome.exitCode < 128, "\(outcome.exitCode) \(place)")
        #expect(!(outcome.output + outcome.errors).contains(Self.secret), "\(place)")
        if let page = try? scratch.text("page.html") { #expect(!page.contains(Self.secret), "\(place)") }
      }
    }
  }
}
