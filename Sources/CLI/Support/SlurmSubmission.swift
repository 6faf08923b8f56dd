import Basics
import Spec
import Studies

/// Submits a sweep to Slurm and says what was done.
struct SlurmSubmission {
  private let study: Study
  private let executor: SlurmExecutor
  private let (emitOnly, anyway, quiet): (Bool, Bool, Bool)

  /// - Parameters:
  ///   - settings: what the jobs ask for
  ///   - anyway: whether tasks may be in the queue
  init(
    _ study: Study, _ settings: SlurmSpec, workers: Int, retries: Int, emitOnly: Bool, anyway: Bool = false, quiet: Bool = false
  ) {
    self.study = study
    self.emitOnly = emitOnly
    self.anyway = anyway
    self.quiet = quiet
    executor = SlurmExecutor(study, settings, program: SweepRun.program, workers: workers, retries: retries)
  }

  /// Submits what waits, or the trials `numbers`. Does nothing while tasks of the sweep are in the queue, unless it is told which.
  func submit(only numbers: [Int]? = nil) throws {
    try executor.exclusively { try submitAlone(numbers) }
  }

  private func submitAlone(_ numbers: [Int]?) throws {
    let path = study.directory.path
    if try study.remaining(study.table()) == 0 { return say("\(path) is finished: there is nothing to run") }
    if numbers == nil, !emitOnly, !anyway {
      let queued = try executor.queued { Console.tell($0) }
      if queued > 0 { return say("\(path): \(queued) tasks are in the queue already") }
    }
    let submission = try executor.submit(only: numbers, emitOnly: emitOnly)
    if emitOnly {
      say("\(path): \(submission.tasks) tasks, not submitted; this would:")
      for command in submission.commands { say(ShellCommand.text(command)) }
    } else {
      say("\(path): \(submission.tasks) tasks submitted as \(submission.jobs.joined(separator: ", "))")
    }
  }

  private func say(_ text: String) { if !quiet { print(text.printable) } }
}
