import ArgumentParser
import Basics
import Studies

/// `fadein sweep retry`: lets failed trials be run again.
struct SweepRetry: FadeinCommand {
  static let configuration = CommandConfiguration(
    commandName: "retry", abstract: "Lets trials that failed be run again.",
    discussion: """
      A trial goes on from its last checkpoint. For a sweep on a Slurm cluster the trials are submitted at once; else the next \
      'fadein sweep FILE' runs them.
      """)

  @OptionGroup var sweep: SweepArgument

  @Flag(help: "All trials that failed.")
  var failed = false

  @Flag(help: "Write the files of Slurm jobs, and submit nothing.")
  var emitOnly = false

  func validate() throws { if !failed { throw ValidationError("say which trials: --failed") } }

  func execute() throws {
    let study = try sweep.study()
    let numbers = try study.retryFailed()
    let path = study.directory.path.printable
    guard !numbers.isEmpty else { return print("\(path) has no failed trials") }
    print("\(path): \(numbers.count) failed \(numbers.count == 1 ? "trial waits" : "trials wait") to be run again")
    guard try SlurmQueue.isUsed(study) else { return }
    try SlurmSubmission(study, workers: study.sweep.workers, retries: 0, emitOnly: emitOnly).submit(only: numbers, quiet: false)
  }
}
