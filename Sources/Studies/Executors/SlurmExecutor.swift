import Basics
import Foundation
import Spec

/// Hands the trials of a sweep to a Slurm cluster, and is done: nobody waits for them, and the tasks find all they need in the
/// sweep's directory, which the nodes must share.
package struct SlurmExecutor {
  /// Slurm took nothing.
  package struct Refused: UserFacingError, Equatable {
    package let reason: String
    package var exitCode: ExitCode { .cannotCreate }
    package var description: String { "cannot submit the jobs: \(reason)" }
  }

  /// What was submitted, or would be.
  package struct Submission: Equatable, Sendable {
    /// One for each array.
    package var commands: [[String]] = []
    package var jobs: [String] = []
    package var tasks = 0
  }

  private let study: Study
  private let workers: Int
  private let script: SlurmScript
  private let folder: String

  /// - Parameter program: the file of this program.
  package init(_ study: Study, program: String, workers: Int, retries: Int) {
    (self.study, self.workers) = (study, workers)
    func absolute(_ path: String) -> String { WorkingFolder.absolute(path) }
    folder = absolute(study.directory.slurm)
    script = SlurmScript(
      program: absolute(program), directory: absolute(study.directory.path), folder: folder, name: study.sweep.name,
      retries: retries, settings: study.sweep.slurm)
  }

  /// How many tasks of the sweep are in Slurm's queue; 0 when it does not answer.
  package var queued: Int { SlurmQueue.submitted(study).flatMap(SlurmQueue.tasks)?.count ?? 0 }

  /// Writes the script and the list of trials, and unless `emitOnly` submits arrays that together have a task for each trial
  /// that waits, or for those of `numbers`. At most `workers` of an array run at a time.
  package func submit(only numbers: [Int]? = nil, emitOnly: Bool) throws -> Submission {
    let files = study.files
    try files.createDirectories(folder)
    try AtomicFile.write(script.text, to: Path.join(folder, "job.sh"), in: files)
    let table = try study.table()
    let waiting = table.trials.filter { $0.status == .waiting }.map { String($0.number) }
    let unknown = max(0, study.remaining(table) - waiting.count)
    let tasks = numbers.map { $0.map(String.init) } ?? waiting + Array(repeating: "next", count: unknown)
    let list = Path.join(folder, "tasks-\(try files.list(folder).count { $0.hasPrefix("tasks-") } + 1).txt")
    try AtomicFile.write(tasks.map { $0 + "\n" }.joined(), to: list, in: files)
    let longest = emitOnly ? tasks.count : SlurmQueue.longestArray()
    var submission = Submission(tasks: tasks.count)
    for start in stride(from: 0, to: tasks.count, by: max(1, longest)) {
      let last = min(longest, tasks.count - start) - 1
      let command = [
        "sbatch", "--parsable", "--array=0-\(last)%\(workers)", "--output=\(folder)/%A_%a.out", Path.join(folder, "job.sh"), list,
        String(start),
      ]
      submission.commands.append(command)
      if emitOnly { continue }
      guard let answer = SlurmQueue.command(command) else { throw Refused(reason: "there is no sbatch here") }
      guard answer.code == 0, let job = answer.output.split(whereSeparator: { "\n;".contains($0) }).first.map(String.init) else {
        throw Refused(reason: answer.errors.split(whereSeparator: \.isNewline).joined(separator: " "))
      }
      submission.jobs.append(job)
      let before = SlurmQueue.submitted(study) ?? []
      try AtomicFile.write((before + [job]).map { $0 + "\n" }.joined(), to: SlurmQueue.jobs(study), in: files)
    }
    return submission
  }
}
