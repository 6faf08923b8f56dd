import Basics
import Foundation
import Testing

/// A sweep whose processes are all told to stop, as Ctrl-C, systemd and batch systems do.
@Suite struct SweepSignalTests {
  private static let sweep = """
    parameters: {seed: {values: [1, 2]}}
    overrides: ["schedule.phases=[{resolution: 4, hold: 1000000}]", "generator.widths=[4]", "discriminator.widths=[4]", data.resolution=4, record.checkpoints.every=1000000, record.evaluate.every=0]
    workers: 2
    """

  /// In which order the processes of a sweep hear of a request.
  enum Order: CaseIterable {
    case workersFirst, parentFirst, together, togetherParentLast, parentAlone
  }

  @Test(arguments: Order.allCases, [SIGTERM, SIGHUP])
  func `each trial under way leaves one checkpoint and is interrupted once, whatever the order`(order: Order, signal: Int32) throws
  {
    let scratch = try Scratch()
    try scratch.writeTinySweep(Self.sweep)
    let program = try RunningProgram(["sweep", "tiny.sweep.yaml", "--quiet"], in: scratch)
    let trials = [1, 2].map { "runs/tiny/v001/trials/t000\($0)" }
    try wait { trials.allSatisfy { (try? scratch.text($0 + "/metrics.csv"))?.contains("\n5,") == true } }
    let workers = try self.workers(of: program)
    #expect(workers.count == 2)
    func tell(_ processes: [Int32], _ signals: Int32...) {
      for signal in signals { for process in processes { kill(process, signal) } }
    }
    func untilInterrupted() throws { try wait { try trials.allSatisfy { try scratch.count("interrupt", in: $0) > 0 } } }
    let parent = [program.identifier]
    switch order {
    case .workersFirst:
      tell(workers, signal)
      try untilInterrupted()
      tell(parent, signal)
    case .parentFirst:
      tell(workers, SIGSTOP)
      tell(parent, signal)
      tell(workers, signal, SIGCONT)
    case .together: tell(parent + workers, SIGSTOP, signal, SIGCONT)
    case .togetherParentLast:
      tell(parent + workers, SIGSTOP, signal)
      tell(workers, SIGCONT)
      try untilInterrupted()
      tell(parent, SIGCONT)
    case .parentAlone: tell(parent, signal)
    }
    #expect(try program.wait().exitCode == 128 + signal)
    for trial in trials {
      #expect(try scratch.names(in: trial + "/checkpoints").count == 1, "\(order)")
      #expect(try scratch.count("interrupt", in: trial) == 1, "\(order)")
    }
    #expect(try scratch.trials().allSatisfy { $0["status"] == "waiting" && $0["failures"] == "0" })
  }

  @Test func `a sweep that is killed leaves workers that leave checkpoints`() throws {
    let scratch = try Scratch()
    try scratch.writeTinySweep(Self.sweep)
    let program = try RunningProgram(["sweep", "tiny.sweep.yaml", "--quiet"], in: scratch)
    let trials = [1, 2].map { "runs/tiny/v001/trials/t000\($0)" }
    try wait { trials.allSatisfy { (try? scratch.text($0 + "/metrics.csv"))?.contains("\n5,") == true } }
    program.send(SIGKILL)
    try wait { try trials.allSatisfy { try scratch.count("interrupt", in: $0) == 1 } }
    for trial in trials { #expect(try scratch.names(in: trial + "/checkpoints").count == 1) }
    #expect(try scratch.text(trials[0] + "/events.csv").contains("its sweep was stopped"))
  }

  private func workers(of program: RunningProgram) throws -> [Int32] {
    let children = "/proc/\(program.identifier)/task/\(program.identifier)/children"
    return try String(contentsOfFile: children, encoding: .utf8).split(separator: " ").compactMap { Int32($0) }
  }

  private func wait(until isTrue: () throws -> Bool) throws {
    let deadline = Deadline(in: 120)
    while try !isTrue() {
      try #require(!deadline.isOver)
      MonotonicClock.pause(0.01)
    }
  }
}
