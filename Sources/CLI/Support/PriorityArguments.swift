import ArgumentParser
import Foundation

/// How willingly a command gives way to others.
struct PriorityArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp("Give way to other programs: from 0, not at all, to 19.", valueName: "n"))
  var nice: Int?

  func validate() throws {
    if let nice, !(0...19).contains(nice) {
      throw ValidationError("--nice must be from 0 to 19, not \(nice)")
    }
  }

  /// From now on; threads and processes that are started later are alike. A program that gives way already gives way no less.
  func apply() {
    guard let nice else { return }
    let now = getpriority(Int32(bitPattern: PRIO_PROCESS.rawValue), 0)
    if nice > now { setpriority(Int32(bitPattern: PRIO_PROCESS.rawValue), 0, Int32(nice)) }
  }
}
