import ArgumentParser
import Basics
import Studies

/// `fadein sweep retry`: lets failed trials be run again.
struct SweepRetry: FadeinCommand {
  static let configuration = CommandConfiguration(
    commandName: "retry", abstract: "Lets trials that failed be run again.",
    discussion: """
      A trial goes on from its last checkpoint. For a sweep on a Slurm cluster the trials are submitted at once, unless the sweep's \
      jobs have lines of their own (slurm.lines), which only 'fadein sweep FILE' submits; else the next 'fadein sweep FILE' runs them.
      """)

  @OptionGroup var sweep: SweepArgument

  @Flag(help: "All trials that failed.")
  var failed = false

  @Flag(help: "Write the files of Slurm jobs, and submit nothing.")
  var emitOnly = false

  @OptionGroup var threads: ThreadArguments

  @OptionGroup var images: CacheArguments

  func validate() throws { if !failed { throw ValidationError("say which trials: --failed") } }

  func execute() throws {
    let study = try sweep.study()
    let trials = try study.table().trials.filter { $0.status == .failed }
    try images.with { try study.requireSameImages(study.source, trials, threads: threads.count, cache: $0) }
    let numbers = try study.retryFailed()
    let path = study.directory.path.printable
    guard !numbers.isEmpty else { return print("\(path) has no failed trials") }
    print("\(path): \(numbers.count) failed \(numbers.count == 1 ? "trial waits" : "trials wait") to be run again")
    guard try SlurmQueue.isUsed(study) else { return }
    // The folder may come from anybody: commands in its files are not for us to run.
    guard study.sweep.slurm.lines.isEmpty else {
      return print("slurm.lines has commands of this sweep's file; 'fadein sweep FILE --executor slurm' submits with them")
    }
    try SlurmSubmission(study, study.sweep.slurm, workers: study.sweep.workers, retries: 0, emitOnly: emitOnly).submit(
      only: numbers)
  }
}
