import ArgumentParser
import Basics
import Models
import Spec
import Studies
import Training

/// `fadein validate`: checks specs without running them.
struct Validate: FadeinCommand {
  static let configuration = CommandConfiguration(
    abstract: "Checks experiments and sweep files and shows every mistake at once.",
    discussion: """
      Nothing is run or written. A data folder that is not there is only a warning: the spec may be meant for another machine.
      """)

  @Argument(help: "The YAML files to check.", completion: .file(extensions: ["yaml", "yml"]))
  var specs: [String]

  @Flag(help: "One JSON object a file.")
  var json = false

  func execute() throws {
    var firstFailure: Basics.ExitCode?
    for path in specs {
      do throws(Diagnostics) {
        let isSweep = SweepSpec.isMeant(by: try SpecFile.text(at: path), path: path)
        let summary = isSweep ? try Self.checkSweep(path) : Self.summary(of: try read(path, checkingFiles: false))
        try tell(path, summary, isSweep ? nil : warnings(of: path))
      } catch {
        try tell(path, nil, error)
        firstFailure = firstFailure ?? error.exitCode
      }
    }
    if let firstFailure { throw ArgumentParser.ExitCode(firstFailure.rawValue) }
  }

  /// Prints whether the file at `path` is valid; `summary` is nil if it is not.
  private func tell(_ path: String, _ summary: String?, _ diagnostics: Diagnostics?) throws(Diagnostics) {
    if json {
      do {
        print(try JSONLine.text(ValidationJSON(path, summary: summary, diagnostics)))
      } catch {
        throw Diagnostics(describing: error)
      }
      return
    }
    if let summary { print("\(path.printable): ok (\(summary))") }
    if let diagnostics { Console.tell(diagnostics) }
  }

  /// Checks a sweep with every trial. As in `12 trials of mel-64`.
  private static func checkSweep(_ path: String) throws(Diagnostics) -> String {
    let source = try SweepSource(path: path)
    let trials = try source.plannedTrials()
    try source.validate(trials, path: path, checkingFiles: false)
    let count = source.trialCount
    return "\(count) \(count == 1 ? "trial" : "trials") of \(try source.experiment().name)"
  }

  private func read(_ path: String, checkingFiles: Bool) throws(Diagnostics) -> ExperimentSpec {
    try ExperimentSpec.read(path: path, language: .fadein, checkingFiles: checkingFiles)
  }

  /// As warnings, what a run of the valid spec at `path` would miss on this machine; nil when it is nothing.
  private func warnings(of path: String) -> Diagnostics? {
    do throws(Diagnostics) {
      let cautions = try read(path, checkingFiles: true).cautions
      guard !cautions.isEmpty else { return nil }
      return Diagnostics(cautions.map { Diagnostic($0, severity: .warning, file: path) }, exitCode: .usage)
    } catch {
      let warnings = error.items.map { item in
        var item = item
        item.severity = .warning
        return item
      }
      return Diagnostics(warnings, exitCode: error.exitCode)
    }
  }

  /// As in `32x32, 5500 iterations, 4 phases`.
  private static func summary(of spec: ExperimentSpec) -> String {
    let schedule = Schedule(spec)
    let side = schedule.phases.last?.resolution ?? 0
    let parts = [("iteration", schedule.iterations), ("phase", schedule.phases.count)]
    return (["\(side)x\(side)"] + parts.map { "\($1) \($0)\($1 == 1 ? "" : "s")" }).joined(separator: ", ")
  }
}
