import Basics
import Studies

/// Submits a sweep to Slurm and says what was done.
struct SlurmSubmission {
  private let study: Study
  private let executor: SlurmExecutor
  private let emitOnly: Bool

  init(_ study: Study, workers: Int, retries: Int, emitOnly: Bool) {
    (self.study, self.emitOnly) = (study, emitOnly)
    executor = SlurmExecutor(study, program: SweepRun.program, workers: workers, retries: retries)
  }

  /// Submits what waits, or the trials `numbers`. Does nothing while tasks of the sweep are in the queue, unless it is told which.
  func submit(only numbers: [Int]? = nil, quiet: Bool) throws {
    let path = study.directory.path.printable
    func say(_ text: String) { if !quiet { print(text) } }
    if try study.remaining(study.table()) == 0 { return say("\(path) is finished: there is nothing to run") }
    if numbers == nil, !emitOnly {
      let queued = executor.queued
      if queued > 0 { return say("\(path): \(queued) tasks are in the queue already") }
    }
    let submission = try executor.submit(only: numbers, emitOnly: emitOnly)
    if emitOnly {
      say("\(path): \(submission.tasks) tasks, not submitted; this would:")
      for command in submission.commands { say(command.joined(separator: " ")) }
    } else {
      say("\(path): \(submission.tasks) tasks submitted as \(submission.jobs.joined(separator: ", "))")
    }
  }
}
