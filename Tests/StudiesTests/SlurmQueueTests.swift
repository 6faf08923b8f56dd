import Basics
import Foundation
import Synchronization
import Testing

@testable import Studies

/// A queue that does not answer is not an empty one.
@Suite struct SlurmQueueTests {
  private static let silent = ClusterCommand.Outcome(
    code: 1, errors: "slurm_load_jobs error: Unable to contact\nslurm controller\n")

  /// A study with `jobs` on record.
  private func study(_ jobs: String?) throws -> (Folder, Study) {
    let folder = try Folder()
    let source = try folder.source("parameters: {seed: {values: [1, 2]}}\n")
    let study = try Study.begin(source, file: "a", trials: try source.plannedTrials(), in: folder("runs"), version: "0")
    if let jobs {
      try study.files.createDirectories(study.directory.slurm)
      try AtomicFile.write(jobs, to: study.directory.slurm + "/jobs.txt", in: study.files)
    }
    return (folder, study)
  }

  /// A queue that gives these answers in turn, and its number of questions and seconds of pause.
  private final class Script: Sendable {
    let asked = Mutex<[[String]]>([])
    let paused = Mutex(0.0)
    let answers: [ClusterCommand.Outcome]

    init(_ answers: [ClusterCommand.Outcome]) { self.answers = answers }

    var queue: SlurmQueue {
      SlurmQueue(pause: { seconds in self.paused.withLock { $0 += seconds } }) { words, _ in
        self.asked.withLock { asked in
          asked.append(words)
          return self.answers[min(asked.count, self.answers.count) - 1]
        }
      }
    }
  }

  @Test(arguments: 0...5) func `it is asked again while it does not answer, and at last refused`(silences: Int) throws {
    let (folder, study) = try study("17\n18\n")
    defer { withExtendedLifetime(folder) {} }
    let script = Script(Array(repeating: Self.silent, count: silences) + [.init(code: 0, output: "PENDING\nRUNNING\n")])
    var told: [String] = []
    if silences <= SlurmQueue.pauses.count {
      #expect(try script.queue.tasks(study) { told.append($0) } == 2)
    } else {
      let refusal = #expect(throws: SlurmQueue.Silent.self) { try script.queue.tasks(study) { told.append($0) } }
      #expect(refusal?.exitCode == .busy)
      #expect(refusal?.description.contains("Unable to contact slurm controller") == true)
    }
    let pauses = min(silences, SlurmQueue.pauses.count)
    #expect(told.count == pauses && script.paused.withLock { $0 } == SlurmQueue.pauses.prefix(pauses).reduce(0, +))
    #expect(script.asked.withLock { $0 }.allSatisfy { $0.contains("--jobs=17,18") })
  }

  @Test func `jobs that are long gone are no tasks, and without jobs nobody is asked`() throws {
    let (folder, study) = try study("17\n")
    defer { withExtendedLifetime(folder) {} }
    let gone = Script([.init(code: 1, errors: "slurm_load_jobs error: Invalid job id specified\n")])
    #expect(try gone.queue.tasks(study) { _ in } == 0)
    let none = Script([Self.silent])
    try study.files.remove(study.directory.slurm + "/jobs.txt")
    #expect(try none.queue.tasks(study) { _ in } == 0)
    #expect(none.asked.withLock { $0 }.isEmpty)
  }

  @Test(arguments: ["--help\n", "17;18\n", "17,$(x)\n", "1\u{1b}\n", "-1\n"])
  func `a list of jobs that is none is refused, and not taken for an empty one`(jobs: String) throws {
    let (folder, study) = try study(jobs)
    defer { withExtendedLifetime(folder) {} }
    #expect(throws: UnusableFile.self) { try SlurmQueue(pause: { _ in }) { _, _ in Self.silent }.tasks(study) { _ in } }
  }

  @Test func `a command's answer, complaint and end are told apart from its silence`() {
    let outcome = ClusterCommand.run(["sh", "-c", "echo out; echo bad >&2; exit 3"], seconds: 60)
    #expect(outcome == .init(code: 3, output: "out\n", errors: "bad\n"))
    #expect(ClusterCommand.run(["no-such-command-here"], seconds: 60).code == ClusterCommand.notFound)
    #expect(ClusterCommand.run(["sleep", "60"], seconds: 0.05).code == ClusterCommand.timedOut)
  }
}
