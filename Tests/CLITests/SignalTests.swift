import Basics
import Foundation
import Testing

@Suite struct SignalTests {
  /// A training that goes on until something ends it, and writes no checkpoint before.
  private static let endless = ["schedule.phases.0.hold=1000000", "record.checkpoints.every=1000000"]

  private func begun(_ arguments: [String] = [], images: Int = 5) throws -> (scratch: Scratch, program: RunningProgram) {
    let scratch = try Scratch()
    try scratch.writeTinyExperiment(images: images)
    let program = try RunningProgram(["run", "tiny.yaml"] + Self.endless + arguments, in: scratch)
    try program.wait(forOutput: "phase 1/2")
    return (scratch, program)
  }

  @Test(arguments: [(SIGHUP, 129), (SIGINT, 130), (SIGTERM, 143), (SIGUSR1, 0)] as [(Int32, Int32)])
  func `a signal ends a training after a checkpoint, and again when it was resumed`(signal: Int32, exitCode: Int32) throws {
    let (scratch, program) = try begun(["record.samples.every=1"])
    #expect(try scratch.status() == "running")
    program.send(signal)
    let outcome = try program.wait()
    #expect(outcome.exitCode == exitCode, "\(outcome.errors)")
    #expect(try scratch.names(in: "runs/tiny/v001/checkpoints").count == 1)
    #expect(try scratch.text("runs/tiny/v001/events.csv").contains(",interrupt,"))
    #expect(try scratch.status() == "interrupted")
    let resumed = try RunningProgram(["resume", "tiny", "--requeue-exit", "99"], in: scratch)
    try resumed.wait(forOutput: "resuming runs/tiny/v001 after iteration")
    #expect(try scratch.status() == "running")
    // Before its first iteration there is nothing that the checkpoint of the first run does not hold.
    try resumed.wait(forOutput: "samples: ")
    resumed.send(signal)
    #expect(try resumed.wait().exitCode == 99)
    #expect(try scratch.names(in: "runs/tiny/v001/checkpoints").count == 2)
  }

  @Test(arguments: [[SIGTERM], [SIGINT, SIGTERM], [SIGHUP, SIGTERM, SIGHUP]])
  func `a request that arrives more than once at a time is one request`(signals: [Int32]) throws {
    let (scratch, program) = try begun()
    // All are there when it wakes up, so the first cannot have been followed before the others.
    program.send(SIGSTOP)
    for signal in signals { program.send(signal) }
    program.send(SIGCONT)
    // And once more in the middle of what the first has begun.
    program.send(SIGTERM)
    #expect([129, 130, 143].contains(try program.wait().exitCode))
    #expect(try scratch.text("runs/tiny/v001/events.csv").contains(",interrupt,"))
    #expect(try scratch.names(in: "runs/tiny/v001/checkpoints").count == 1)
  }

  @Test func `nohup has a training ignore that its terminal is gone`() throws {
    let scratch = try Scratch()
    try scratch.writeTinyExperiment()
    let words = (["run", "tiny.yaml"] + Self.endless).joined(separator: " ")
    let program = try RunningProgram(shell: "exec nohup \"$FADEIN\" \(words)", in: scratch)
    try program.wait(forOutput: "phase 1/2")
    program.send(SIGHUP)
    program.send(SIGTERM)
    #expect(try program.wait().exitCode == 143)
    #expect(try scratch.text("runs/tiny/v001/events.csv").contains(",interrupt,terminated\n"))
  }

  @Test func `a second signal a second later ends a training at once, and it can be resumed`() throws {
    // An iteration is so long that the first signal cannot be followed before the second comes.
    let widths = ["generator.widths=[1280, 6]", "discriminator.widths=[1280, 6]", "schedule.batch=64", "--threads", "1"]
    let (scratch, program) = try begun(widths, images: 64)
    program.send(SIGINT)
    #expect(throws: RunningProgram.Unexpected.self) { try program.wait(forOutput: "never said", timeoutSeconds: 1.1, kills: false) }
    program.send(SIGTERM)
    #expect(try program.wait().exitCode == 143)
    #expect(try !scratch.text("runs/tiny/v001/events.csv").contains(",interrupt,"))
    #expect(try scratch.names(in: "runs/tiny/v001/checkpoints").isEmpty)
    #expect(try scratch.status() == "interrupted")
    let resumed = try Program.run("resume", "tiny", "--stop-after", "1", in: scratch)
    #expect(resumed.exitCode == 0 && resumed.output.contains("from the start, without a checkpoint"), "\(resumed.errors)")
  }

  @Test func `a training that is killed over and over ends like one that was not`() throws {
    let scratch = try Scratch()
    try scratch.writeTinyExperiment()
    let spec = [
      "run", "tiny.yaml", "schedule.phases.0.hold=30", "schedule.phases.1.fade=60", "record.checkpoints.every=7",
      "record.samples.every=20",
    ]
    #expect(try Program.run(spec, in: scratch).exitCode == 0)
    for (number, iteration) in [20, 40, 60, 80].enumerated() {
      let resume = ["resume", "tiny/v002", "--threads", "\(1 + number % 2)"]
      let program = try RunningProgram(number == 0 ? spec : resume, in: scratch)
      try program.wait(forOutput: "samples/0000\(iteration).png")
      program.send(SIGKILL)
      #expect(try program.wait().exitCode == -SIGKILL)
    }
    let last = try Program.run("resume", "tiny/v002", "--threads", "1", in: scratch)
    #expect(last.exitCode == 0, "\(last.errors)")
    #expect(try scratch.outcome("runs/tiny/v001") == scratch.outcome("runs/tiny/v002"))
    #expect(try scratch.names(in: "runs/tiny/v002/checkpoints").allSatisfy { !$0.contains(AtomicFile.mark) })
  }

  @Test func `a run that another process writes is busy, and stays untouched`() throws {
    let (scratch, program) = try begun()
    program.send(SIGSTOP)
    let before = try scratch.everything(in: "runs/tiny/v001")
    let start = ContinuousClock.now
    let other = try Program.run("resume", "tiny", in: scratch)
    #expect(other.exitCode == 75)
    #expect(other.errors.hasPrefix("error: 'runs/tiny/v001' is in use by another process (process "), "\(other.errors)")
    #expect(ContinuousClock.now - start < .seconds(30))
    #expect(try scratch.everything(in: "runs/tiny/v001") == before)
    for signal in [SIGKILL, SIGCONT] { program.send(signal) }
    #expect(try program.wait().exitCode == -SIGKILL)
    #expect(try scratch.status() == "interrupted")
  }

  @Test func `of fifty who resume a run at once one does`() throws {
    let (scratch, program) = try begun()
    program.send(SIGINT)
    #expect(try program.wait().exitCode == 130)
    let racers = try (0..<50).map { _ in try RunningProgram(["resume", "tiny", "--threads", "1"], in: scratch) }
    var winners: [RunningProgram] = []
    for racer in racers {
      if let outcome = try racer.outcome(untilOutput: "resuming runs/tiny/v001") {
        #expect(outcome.exitCode == 75, "\(outcome.errors)")
      } else {
        winners.append(racer)
      }
    }
    #expect(winners.count == 1)
    for winner in winners {
      winner.send(SIGTERM)
      #expect(try winner.wait().exitCode == 143)
    }
    #expect(try scratch.text("runs/tiny/v001/events.csv").split(separator: "\n").filter { $0.contains(",resume,") }.count == 1)
  }
}
