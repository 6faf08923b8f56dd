import Basics
import Foundation
import Runs
import Spec

/// Hands the trials of a sweep to a Slurm cluster, and is done: nothing waits for them, and the tasks find all they need in the
/// sweep's directory, which the nodes must share.
package struct SlurmExecutor {
  /// Slurm took nothing.
  package struct Refused: UserFacingError, Equatable {
    package let reason: String
    package var exitCode: ExitCode { .cannotCreate }
    package var description: String { "cannot submit the jobs: \(reason.printable)" }
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
  private let queue: SlurmQueue

  /// Another process hands over its jobs within this time.
  private static let patienceSeconds = 600.0

  /// - Parameters:
  ///   - settings: what the jobs ask for. Not those that the sweep's directory has kept: its lines are commands, and the directory
  ///     may come from anyone.
  ///   - program: the file of this program
  package init(
    _ study: Study, _ settings: SlurmSpec, program: String, workers: Int, retries: Int, queue: SlurmQueue = SlurmQueue()
  ) {
    self.study = study
    self.workers = workers
    self.queue = queue
    func absolute(_ path: String) -> String { WorkingFolder.absolute(path) }
    folder = study.directory.slurm
    script = SlurmScript(
      program: absolute(program), directory: absolute(study.directory.path), folder: absolute(folder), name: study.sweep.name,
      retries: retries, settings: settings)
  }

  /// Does `body` while no other process submits jobs of this sweep.
  package func exclusively<Value>(_ body: () throws -> Value) throws -> Value {
    try study.files.createDirectories(folder)
    let lock = try FileLock.waiting(for: Path.join(folder, ".lock"), seconds: Self.patienceSeconds, study.files)
    defer { withExtendedLifetime(lock) {} }
    try AtomicFile.sweep(folder, in: study.files)
    return try body()
  }

  /// How many tasks of the sweep are in Slurm's queue. Throws ``SlurmQueue/Silent`` when it does not answer, after it was asked again;
  /// `tell` gets to know of that.
  package func queued(tell: (String) -> Void) throws -> Int { try queue.tasks(study, tell: tell) }

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
    // After the highest, not after as many as there are: a list that is gone must not give another one's name away.
    let taken = try files.list(folder).compactMap { $0.wholeMatch(of: /(tasks|output)-([0-9]{1,9})(\.txt)?/).flatMap { Int($0.2) } }
    var number = (taken.max() ?? 0) + 1
    while try files.status(of: Path.join(folder, "output-\(number)")) != nil { number += 1 }
    let (list, output) = ("tasks-\(number).txt", "output-\(number)")
    // Slurm follows links. In a folder that is made now there are none.
    try files.createDirectory(Path.join(folder, output))
    try AtomicFile.write(tasks.map { $0 + "\n" }.joined(), to: Path.join(folder, list), in: files)
    let longest = emitOnly ? tasks.count : queue.longestArray()
    var submission = Submission(tasks: tasks.count)
    for start in stride(from: 0, to: tasks.count, by: max(1, longest)) {
      let last = min(longest, tasks.count - start) - 1
      let command = [
        "sbatch", "--parsable", "--array=0-\(last)%\(workers)", "--output=\(Path.join(script.folder, output))/%A_%a.out",
        Path.join(script.folder, "job.sh"), Path.join(script.folder, list), String(start),
      ]
      submission.commands.append(command)
      if emitOnly { continue }
      let job = try queue.submit(command)
      submission.jobs.append(job)
      let before = try SlurmQueue.submitted(study)
      try AtomicFile.write((before + [job]).map { $0 + "\n" }.joined(), to: SlurmQueue.jobs(study), in: files)
    }
    return submission
  }
}
