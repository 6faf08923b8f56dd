import Basics
import Foundation
import Runs
import Testing

@testable import CLI

/// A checkout as it is after a clone, in which the commands of a document are tried. What trains for long is not run: a run of a few
/// iterations is put where it would have gone.
final class Clone {
  /// A word of a command line that is given to the program, as the shell has made it.
  struct Call {
    let line: Int
    let arguments: [String]
  }

  let scratch: Scratch
  private let template: Scratch

  /// A clone whose runs are copies of `runs/tiny/v001` of `template`.
  init(template: Scratch) throws {
    (scratch, self.template) = (try Scratch(), template)
    let (files, root) = (FileManager.default, Program.repository.path)
    for folder in ["docs", "schemas", "scripts"] { try files.copyItem(atPath: root + "/" + folder, toPath: scratch(folder)) }
    for name in try files.subpathsOfDirectory(atPath: root + "/experiments") where name.hasSuffix(".yaml") {
      try scratch.write(try String(contentsOfFile: root + "/experiments/" + name, encoding: .utf8), to: "experiments/" + name)
    }
    try files.createDirectory(atPath: scratch("experiments/icons"), withIntermediateDirectories: false)
    for number in 0..<40 {
      let name = "experiments/icons/" + String(format: "%04d.png", number)
      try files.copyItem(atPath: root + "/" + name, toPath: scratch(name))
    }
  }

  /// Gives `commands` to a shell in which `./fadein` only writes down how it is called, and returns the calls.
  func calls(of commands: [Documents.Command]) throws -> [Call] {
    try scratch.write(
      "#!/bin/sh\n{ printf '%s\\036' \"$FADEIN_LINE\"; printf '%s\\037' \"$@\"; printf '\\035'; } >> calls\n", to: "fadein")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: scratch("fadein"))
    try scratch.write("", to: "calls")
    var script = "export HOME=$PWD/home; mkdir -p home; srun() { \"$@\"; }; scontrol() { :; }\n"
    for command in commands where !isOfScripts(command.text) {
      script += "export FADEIN_LINE=\(command.line)\n\(command.text.replacing("/tmp/", with: "tmp/"))\n"
      script += "[ $? = 0 ] || echo \"line \(command.line) failed\" >> failures\n"
    }
    try scratch.write("mkdir -p tmp; " + script, to: "commands.sh")
    let shell = Process()
    (shell.executableURL, shell.arguments) = (URL(filePath: "/bin/bash"), ["commands.sh"])
    shell.currentDirectoryURL = URL(filePath: scratch.path)
    (shell.standardOutput, shell.standardInput) = (FileHandle.nullDevice, FileHandle.nullDevice)
    try shell.run()
    shell.waitUntilExit()
    #expect((try? scratch.text("failures")) == nil, "\(commands.first?.file ?? ""): \((try? scratch.text("failures")) ?? "")")
    return try scratch.text("calls").split(separator: "\u{1d}").map { call in
      let parts = call.split(separator: "\u{1e}", maxSplits: 1, omittingEmptySubsequences: false)
      return Call(
        line: Int(parts[0]) ?? 0,
        arguments: parts[1].split(separator: "\u{1f}", omittingEmptySubsequences: false).dropLast().map(String.init))
    }
  }

  /// Whether a line does nothing with the program, but runs scripts, which are only looked for.
  private func isOfScripts(_ text: String) -> Bool {
    let words = text.prefix { $0 != "#" }
    return !words.contains("./fadein ") && words.contains(/scripts\/|\.ci\/|venv/)
  }

  /// Puts a finished run where `run` would put one.
  func addRun(_ name: String) throws {
    let taken = try RunDirectory.take(RunName(name)!, in: scratch("runs"), LocalFileSystem())
    try FileManager.default.removeItem(atPath: taken.run.path)
    try copyRun(to: taken.run.path, seed: taken.version.number == 1 ? nil : taken.version.number)
  }

  /// Ends every trial of the newest version of the sweep `name`.
  func endTrials(of name: String) throws {
    let trials = "runs/\(name)/v001/trials"
    for row in try scratch.trials("runs/\(name)/v001") {
      let number = Int(row["trial"] ?? "") ?? 0
      let path = scratch(trials + "/t" + String(format: "%04d", number))
      if !FileManager.default.fileExists(atPath: path) { try copyRun(to: path, seed: number) }
    }
  }

  /// Copies the template's run. With another seed it only looks like a run of that seed.
  private func copyRun(to path: String, seed: Int?) throws {
    try FileManager.default.copyItem(atPath: template("runs/tiny/v001"), toPath: path)
    guard let seed else { return }
    let text = { (name: String) in try String(contentsOfFile: path + "/" + name, encoding: .utf8) }
    let (before, manifest) = (try text("spec.yaml"), try text("run.json"))
    let after = before.replacing("seed: 7", with: "seed: \(seed)")
    try after.write(toFile: path + "/spec.yaml", atomically: true, encoding: .utf8)
    try manifest.replacing("\"seed\" : 7", with: "\"seed\" : \(seed)")
      .replacing(Digest.sha256(before), with: Digest.sha256(after)).write(
        toFile: path + "/run.json", atomically: true, encoding: .utf8)
  }
}
