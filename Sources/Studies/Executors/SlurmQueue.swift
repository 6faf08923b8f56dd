import Basics
import Foundation

/// What Slurm knows of a sweep. Every question may go unanswered: no state is kept there.
package enum SlurmQueue {
  /// The file with the numbers of all jobs that were submitted, one a line.
  static func jobs(_ study: Study) -> String { Path.join(study.directory.slurm, "jobs.txt") }

  /// Whether jobs of the sweep were ever written.
  package static func isUsed(_ study: Study) throws -> Bool { try study.files.status(of: study.directory.slurm) != nil }

  /// How many tasks of the sweep wait and run, in words; nil for a sweep that has no jobs.
  package static func line(_ study: Study) -> String? {
    guard let jobs = submitted(study), !jobs.isEmpty else { return nil }
    guard let tasks = tasks(jobs) else { return "slurm: squeue does not answer" }
    let waiting = tasks.count { $0 == "PENDING" }
    return "slurm: \(tasks.count - waiting) tasks running, \(waiting) waiting"
  }

  /// The states of the tasks of `jobs` that are in the queue; nil when Slurm does not answer.
  static func tasks(_ jobs: [String]) -> [String]? {
    let answer = command(["squeue", "--noheader", "--array", "--jobs=\(jobs.joined(separator: ","))", "--format=%T"])
    guard let answer else { return nil }
    // A job that is long gone is no longer known.
    if answer.code != 0 { return answer.errors.contains("Invalid job id") ? [] : nil }
    return answer.output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
  }

  static func submitted(_ study: Study) -> [String]? {
    guard let bytes = try? study.files.contents(of: jobs(study), limit: 1 << 20) else { return nil }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  /// The longest array that the cluster takes.
  static func longestArray() -> Int {
    let standard = 1001
    guard let answer = command(["scontrol", "show", "config"]), answer.code == 0 else { return standard }
    let line = answer.output.split(separator: "\n").first { $0.hasPrefix("MaxArraySize") }
    let size = line?.split(separator: "=").last.flatMap { Int($0.trimmingCharacters(in: .whitespaces)) } ?? standard
    return max(2, size)
  }

  /// Runs a command to its end; nil when there is no such command.
  static func command(_ words: [String]) -> (code: Int32, output: String, errors: String)? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = words
    let (output, errors) = (Pipe(), Pipe())
    (process.standardInput, process.standardOutput, process.standardError) = (FileHandle.nullDevice, output, errors)
    guard (try? process.run()) != nil else { return nil }
    let said = (try? output.fileHandleForReading.readToEnd()) ?? Data()
    let complained = (try? errors.fileHandleForReading.readToEnd()) ?? Data()
    process.waitUntilExit()
    // What `env` says of a command that is not there.
    guard process.terminationStatus != 127 else { return nil }
    return (process.terminationStatus, String(decoding: said, as: UTF8.self), String(decoding: complained, as: UTF8.self))
  }
}
