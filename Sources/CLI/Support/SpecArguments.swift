import ArgumentParser
import Basics
import Foundation
import Kernels
import Models
import Spec

/// A spec file and the settings that a command line changes in it.
struct SpecArguments: ParsableArguments {
  @Argument(help: "The experiment's YAML file.", completion: .file(extensions: ["yaml", "yml"]))
  var spec: String

  @Argument(help: "Changes to the spec: optimizer.adam.rate=1e-3 sets, ~loss.discriminator.drift removes.")
  var overrides: [String] = []

  func read(checkingFiles: Bool) throws(Diagnostics) -> ExperimentSpec {
    try Self.read(spec, overrides, checkingFiles: checkingFiles)
  }

  /// The checked experiment in the file at `path`; paths in `overrides` are relative to the current directory.
  static func read(_ path: String, _ overrides: [String] = [], checkingFiles: Bool = false) throws(Diagnostics) -> ExperimentSpec {
    let text = try SpecFile.text(at: path)
    guard !SweepSpec.isMeant(by: text, path: path) else {
      throw Diagnostics(
        "this is a sweep file, not an experiment", file: path,
        note: "to run its trials: \(ShellCommand.text(["fadein", "sweep", path]))",
        exitCode: .badData)
    }
    return try ExperimentSpec.read(
      text: text, path: path, overrides: overrides, from: WorkingFolder.path,
      language: .fadein, checkingFiles: checkingFiles)
  }
}

/// How many threads a command works with.
struct ThreadArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Threads to compute with, at most; all processors by default. Fewer work while other programs need the processors. The outcome is the same for any number.",
      valueName: "n"))
  var threads: Int?

  var count: Int { threads ?? Lanes.available }

  /// As many lanes, or fewer and a line that says so.
  var lanes: Lanes {
    let lanes = Lanes(count: count)
    if let notice = lanes.notice {
      Console.tell(Diagnostics([Diagnostic(notice, severity: .warning)]))
    }
    return lanes
  }

  func validate() throws {
    guard (1...1024).contains(count) else { throw ValidationError("--threads must be from 1 to 1024, not \(count)") }
  }
}
