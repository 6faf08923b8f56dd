import ArgumentParser
import Basics
import Runs
import Training

/// `fadein verify`: proves that a run continues bit for bit.
struct Verify: FadeinCommand {
  static let configuration = CommandConfiguration(
    abstract: "Re-runs from a checkpoint to the next and compares every bit.",
    discussion: """
      Everything happens in memory; the run stays as it is. Ends with 0 when every tensor, random stream and row of metrics.csv is \
      equal, else with 1 and the first difference.
      """)

  @OptionGroup var run: RunArgument

  @Option(
    help: ArgumentHelp(
      "Begin after this iteration, which has a checkpoint; 0 is the very beginning. By default the checkpoint before --to.",
      valueName: "iteration"))
  var from: Int?

  @Option(help: ArgumentHelp("The checkpoint to arrive at, by its iteration; the newest by default.", valueName: "iteration"))
  var to: Int?

  @OptionGroup var threads: ThreadArguments

  @OptionGroup var images: CacheArguments

  @Flag(help: "Print nothing but differences and errors.")
  var quiet = false

  @Flag(help: "One JSON object.")
  var json = false

  var printsJSON: Bool { json }

  func validate() throws {
    if let from, from < 0 { throw ValidationError("--from must be 0 or an iteration, not \(from)") }
    if let to, to < 1 { throw ValidationError("--to must be an iteration from 1 on, not \(to)") }
  }

  mutating func execute() throws {
    let directory = try run.find(LocalFileSystem())
    let verification = try Verification(directory, from: from, to: to)
    let path = directory.path.printable
    for reason in verification.skipped { Console.tell(Diagnostics([Diagnostic("passed over: \(reason)", severity: .warning)])) }
    if !quiet, !json {
      let time = verification.estimatedSeconds.map { ", about \(ProgressObserver.duration($0))" } ?? ""
      print("re-running iterations \(verification.from + 1) to \(verification.to) of \(path)\(time)")
    }
    let report = try images.with { try verification(threads: threads.count, cache: $0) }
    if json { print(try JSONLine.text(VerificationJSON(directory.path, verification, report))) }
    guard report.differences.isEmpty else {
      if json { throw ArgumentParser.ExitCode(Basics.ExitCode.stoppedByRule.rawValue) }
      for difference in report.differences { print("different: \(difference)".printable) }
      throw ArgumentParser.ExitCode(Basics.ExitCode.stoppedByRule.rawValue)
    }
    let evaluations = report.evaluations > 0 ? ", \(report.evaluations) of evaluations.csv" : ""
    let counts = "\(report.tensors) tensors, \(report.streams) random streams, \(report.rows) rows of metrics.csv" + evaluations
    if !quiet, !json { print("equal to the last bit: \(counts)") }
  }
}
