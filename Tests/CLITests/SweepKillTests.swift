import Basics
import Foundation
import Testing

/// Sweeps whose processes are killed.
@Suite struct SweepKillTests {
  private static let sweep = """
    parameters:
      optimizer.adam.rate: {values: [1e-4, 1e-3]}
      schedule.phases.1.hold: {values: [1, 4]}
    objective: {metric: loss.discriminator}
    workers: 2
    """

  /// Kills the program and the workers that it has started, none of which gets to do anything more.
  private func kill(_ program: RunningProgram) {
    let children = "/proc/\(program.identifier)/task/\(program.identifier)/children"
    program.send(SIGSTOP)
    let workers = (try? String(contentsOfFile: children, encoding: .utf8))?.split(separator: " ").compactMap { Int32($0) } ?? []
    for worker in workers { Foundation.kill(worker, SIGKILL) }
    program.send(SIGKILL)
  }

  @Test func `a sweep killed at random moments ends as if it had not been, and runs nothing twice`() throws {
    let (scratch, whole) = (try Scratch(), try Scratch())
    for scratch in [scratch, whole] { try scratch.writeTinySweep(Self.sweep) }
    #expect(try Program.run("sweep", "tiny.sweep.yaml", "--quiet", in: whole, timeoutSeconds: 300).exitCode == 0)
    var random = SystemRandomNumberGenerator()
    for _ in 0..<4 {
      let program = try RunningProgram(["sweep", "tiny.sweep.yaml", "--quiet"], in: scratch)
      let seconds = Double.random(in: 0.2...2.5, using: &random)
      if (try? program.wait(forOutput: "never", timeoutSeconds: seconds)) == nil { kill(program) }
      _ = try program.wait(timeoutSeconds: 300)
    }
    let last = try Program.run("sweep", "tiny.sweep.yaml", "--quiet", in: scratch, timeoutSeconds: 300)
    #expect((last.exitCode, last.errors) == (0, ""))
    #expect(try scratch.text("runs/tiny/v001/trials.csv") == whole.text("runs/tiny/v001/trials.csv"))
    for name in try whole.names(in: "runs/tiny/v001/trials") {
      let run = "runs/tiny/v001/trials/" + name
      #expect(try scratch.count("finish", in: run) == 1)
      for file in ["metrics.csv", "generator.safetensors"] {
        #expect(
          try Data(contentsOf: URL(filePath: scratch(run + "/" + file))) == Data(contentsOf: URL(filePath: whole(run + "/" + file)))
        )
      }
    }
  }

  @Test func `a worker that is killed is a failure that is tried again`() throws {
    let scratch = try Scratch()
    try scratch.writeTinySweep("parameters: {seed: {values: [1, 2]}}\noverrides: [\"schedule.phases.0.hold=200\"]")
    let program = try RunningProgram(["sweep", "tiny.sweep.yaml", "--retries", "1"], in: scratch)
    let children = "/proc/\(program.identifier)/task/\(program.identifier)/children"
    try program.wait(forOutput: "trials to run", timeoutSeconds: 300)
    var isKilled = false
    while !isKilled {
      // It must have begun: a worker without a trial is nobody's failure.
      guard (try? scratch.text("runs/tiny/v001/trials/t0001/metrics.csv"))?.contains("\n20,") == true else { continue }
      let workers = (try? String(contentsOfFile: children, encoding: .utf8))?.split(separator: " ").compactMap { Int32($0) } ?? []
      for worker in workers { isKilled = Foundation.kill(worker, SIGKILL) == 0 || isKilled }
    }
    #expect(try program.wait(timeoutSeconds: 300).exitCode == 0)
    let trials = try scratch.trials()
    #expect(trials.map { $0["status"]! } == ["finished", "finished"], "\(trials)")
    #expect(trials.map { $0["failures"]! } == ["1", "0"], "\(trials)")
  }
}
