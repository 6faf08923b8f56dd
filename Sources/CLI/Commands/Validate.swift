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

  func execute() throws {
    var firstFailure: Basics.ExitCode?
    for path in specs {
      do throws(Diagnostics) {
        if SweepSpec.isMeant(by: try SpecFile.text(at: path), path: path) {
          print("\(path.printable): ok (\(try Self.checkSweep(path)))")
          continue
        }
        let spec = try read(path, checkingFiles: false)
        print("\(path.printable): ok (\(Self.summary(of: spec)))")
        warnAboutFiles(of: path)
      } catch {
        Console.tell(error)
        firstFailure = firstFailure ?? error.exitCode
      }
    }
    if let firstFailure { throw ArgumentParser.ExitCode(firstFailure.rawValue) }
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
    try ExperimentSpec.read(path: path, terms: LossCatalog.declarations, checkingFiles: checkingFiles)
  }

  /// Shows as warnings what a run of the valid spec at `path` would miss on this machine.
  private func warnAboutFiles(of path: String) {
    do throws(Diagnostics) {
      _ = try read(path, checkingFiles: true)
    } catch {
      let warnings = error.items.map { item in
        var item = item
        item.severity = .warning
        return item
      }
      Console.tell(Diagnostics(warnings, exitCode: error.exitCode))
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
