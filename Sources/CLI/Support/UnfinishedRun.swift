import Basics
import Foundation
import Models
import Runs
import Spec

/// The newest run of an experiment, if it could be resumed instead of beginning a new one.
struct UnfinishedRun {
  let directory: RunDirectory
  /// As in `interrupted at iteration 7 of 12`.
  private let standing: String

  /// The newest version of the experiment's name under `runs`, if it was interrupted or stopped and has the very same spec.
  init?(of spec: ExperimentSpec, in runs: String, _ files: any FileSystem) {
    guard let directory = try? RunDirectory.find(spec.name, in: runs, files), let summary = try? RunSummary(directory, files),
      [.interrupted, .stopped].contains(summary.status),
      summary.manifest.specHash == Digest.sha256(spec.yaml)
    else { return nil }
    self.directory = directory
    standing = "\(summary.status.rawValue) at iteration \(summary.iteration) of \(summary.manifest.iterations)"
  }

  /// Asks on a terminal; elsewhere says how to resume, and does not.
  func isToBeResumed() -> Bool {
    let path = directory.path.printable
    guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else {
      Console.tell(
        "\(path) was \(standing); this begins anew. To continue that one: \(ShellCommand.own(["resume", directory.path]))")
      return false
    }
    print("\(path) was \(standing). Resume it? [y/N] ", terminator: "")
    fflush(nil)
    return ["y", "yes"].contains((readLine() ?? "").trimmingCharacters(in: .whitespaces).lowercased())
  }
}
