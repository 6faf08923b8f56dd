import Basics
import Foundation

/// What Slurm knows of a sweep. Every question may go unanswered: no state is kept there.
package struct SlurmQueue: Sendable {
  /// Slurm does not say whether tasks of a sweep are in its queue.
  package struct Silent: UserFacingError, Equatable {
    package let reason: String
    package var exitCode: ExitCode { .busy }
    package var description: String {
      "squeue does not tell whether tasks of this sweep are in the queue: \(reason.printable)"
    }
    package var diagnostics: Diagnostics {
      Diagnostics(
        description,
        note: "try again later; --submit-anyway submits nevertheless, and a task whose trial runs already ends at once",
        exitCode: exitCode)
    }
  }

  /// Seconds between the questions to a queue that does not answer.
  static let pauses: [Double] = [1, 2, 4]
  /// Seconds that Slurm has to answer a question, and to take jobs.
  static let (questionSeconds, submissionSeconds) = (60.0, 300.0)
  /// Jobs of a sweep that are asked about.
  private static let mostJobs = 10_000

  private let run: @Sendable ([String], Double) -> ClusterCommand.Outcome
  private let pause: @Sendable (Double) -> Void

  /// The queue of this machine's cluster.
  package init() { self.init(pause: MonotonicClock.pause, run: ClusterCommand.run) }

  init(
    pause: @escaping @Sendable (Double) -> Void, run: @escaping @Sendable ([String], Double) -> ClusterCommand.Outcome
  ) {
    self.run = run
    self.pause = pause
  }

  /// The file with the numbers of all jobs that were submitted, one a line.
  static func jobs(_ study: Study) -> String { Path.join(study.directory.slurm, "jobs.txt") }

  /// Whether jobs of the sweep were ever written.
  package static func isUsed(_ study: Study) throws -> Bool { try study.files.status(of: study.directory.slurm) != nil }

  /// How many tasks of the sweep wait and run, in words; nil for a sweep that has no jobs.
  package func line(_ study: Study) throws -> String? {
    let jobs = try Self.submitted(study)
    guard !jobs.isEmpty else { return nil }
    do throws(Silent) {
      let states = try states(of: jobs)
      let waiting = states.count { $0 == "PENDING" }
      return "slurm: \(states.count - waiting) tasks running, \(waiting) waiting"
    } catch {
      return "slurm: squeue does not answer (\(error.reason.printable))"
    }
  }

  /// How many tasks of the sweep are in the queue. No answer is not an empty queue: it is asked again, and ``Silent`` thrown at last.
  func tasks(_ study: Study, tell: (String) -> Void) throws -> Int {
    let jobs = try Self.submitted(study)
    guard !jobs.isEmpty else { return 0 }
    for seconds in Self.pauses {
      do throws(Silent) {
        return try states(of: jobs).count
      } catch {
        tell("squeue does not answer (\(error.reason.printable)); it is asked again in \(Int(seconds)) s")
        pause(seconds)
      }
    }
    return try states(of: jobs).count
  }

  /// The states of the tasks of `jobs` that are in the queue.
  private func states(of jobs: [String]) throws(Silent) -> [String] {
    let answer = run(
      ["squeue", "--noheader", "--array", "--jobs=\(jobs.joined(separator: ","))", "--format=%T"], Self.questionSeconds)
    guard answer.code != 0 else {
      return answer.output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    }
    // A job that is long gone is no longer known.
    if answer.errors.contains("Invalid job id") { return [] }
    throw Silent(reason: answer.complaint)
  }

  /// The numbers of the jobs that were submitted for `study`.
  static func submitted(_ study: Study) throws -> [String] {
    let path = jobs(study)
    guard try study.files.status(of: path) != nil else { return [] }
    let lines = String(decoding: try study.files.contents(of: path, limit: 1 << 20), as: UTF8.self).split(separator: "\n")
    // They become words of a command.
    guard lines.count <= mostJobs, lines.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }) else {
      throw UnusableFile(path, "it is not a list of jobs' numbers")
    }
    return lines.map(String.init)
  }

  /// Has Slurm take jobs. Returns the number of the array.
  func submit(_ command: [String]) throws(SlurmExecutor.Refused) -> String {
    let answer = run(command, Self.submissionSeconds)
    if answer.code == ClusterCommand.notFound { throw SlurmExecutor.Refused(reason: "there is no sbatch here") }
    let job = answer.output.split(whereSeparator: { "\n;".contains($0) }).first.map(String.init)
    guard answer.code == 0, let job, job.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      throw SlurmExecutor.Refused(reason: answer.complaint)
    }
    return job
  }

  /// The longest array that the cluster takes.
  func longestArray() -> Int {
    let standard = 1001
    let answer = run(["scontrol", "show", "config"], Self.questionSeconds)
    guard answer.code == 0 else { return standard }
    let line = answer.output.split(separator: "\n").first { $0.hasPrefix("MaxArraySize") }
    let size = line?.split(separator: "=").last.flatMap { Int($0.trimmingCharacters(in: .whitespaces)) } ?? standard
    return max(2, size)
  }
}
