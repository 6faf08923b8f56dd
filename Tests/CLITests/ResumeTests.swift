import Foundation
import Testing

@Suite struct ResumeTests {
  private func stopped(at iteration: Int = 7) throws -> Scratch {
    let scratch = try Scratch()
    try scratch.writeTinyExperiment()
    let outcome = try Program.run("run", "tiny.yaml", "--stop-after", "\(iteration)", in: scratch)
    #expect((outcome.exitCode, outcome.errors) == (0, ""))
    return scratch
  }

  @Test func `a stopped run is resumed by its name, and finished it is left alone`() throws {
    let scratch = try stopped()
    #expect(try scratch.status() == "stopped")
    let outcome = try Program.run("resume", "tiny", "--threads", "1", in: scratch)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(
      outcome.lines.first == "resuming runs/tiny/v001 after iteration 7 of 12, from checkpoints/000000007.safetensors, 1 threads")
    #expect(try scratch.status() == "finished")
    #expect(try scratch.text("runs/tiny/v001/log.txt").contains(outcome.output))
    #expect(try scratch.text("runs/tiny/v001/run.json").contains("\"finished\" : \"2"))
    #expect(try Program.run("run", "tiny.yaml", "--quiet", in: scratch).exitCode == 0)
    #expect(try scratch.outcome("runs/tiny/v001") == scratch.outcome("runs/tiny/v002"))
    let before = try scratch.everything(in: "runs/tiny/v001")
    let again = try Program.run("resume", "runs/tiny/v001", in: scratch)
    #expect((again.exitCode, again.errors) == (0, ""))
    #expect(again.output == "runs/tiny/v001 is finished: there is nothing to resume\n")
    #expect(try scratch.everything(in: "runs/tiny/v001") == before)
  }

  @Test func `what has changed is refused, and gone on with when accepted`() throws {
    let scratch = try stopped()
    try scratch.write(
      try scratch.text("runs/tiny/v001/spec.yaml").replacing("beta2: 0.99", with: "beta2: 0.9"), to: "runs/tiny/v001/spec.yaml")
    try FileManager.default.removeItem(atPath: scratch("icons/3.png"))
    let refused = try Program.run("resume", "tiny", in: scratch)
    #expect((refused.exitCode, refused.output) == (65, ""))
    #expect(
      refused.errors == """
        error: cannot resume 'runs/tiny/v001': its spec and its images have changed
          note: --accept goes on nevertheless, and keeps that on record
        error: setting optimizer.adam.beta2: 0.99 -> 0.9
        error: image 3.png is missing

        """)
    let accepted = try Program.run("resume", "tiny", "--accept", in: scratch)
    #expect(accepted.exitCode == 0, "\(accepted.errors)")
    #expect(
      try scratch.text("runs/tiny/v001/events.csv").contains(",7,accept,setting optimizer.adam.beta2: 0.99 -> 0.9; image 3.png"))
  }

  /// What is left to go on with of a run that had checkpoints.
  private enum Remains: CaseIterable { case finished, stopped, withoutEvents, forgotten }

  @Test(arguments: Remains.allCases) private func `a run that has lost its checkpoints does not begin again unasked`(
    remains: Remains
  )
    throws
  {
    let scratch = try stopped()
    let run = "runs/tiny/v001"
    if remains == .finished { #expect(try Program.run("resume", "tiny", "--quiet", in: scratch).exitCode == 0) }
    if remains == .withoutEvents { try FileManager.default.removeItem(atPath: scratch(run + "/events.csv")) }
    if remains == .forgotten {
      try FileManager.default.removeItem(atPath: scratch(run + "/metrics.csv"))
      try FileManager.default.removeItem(atPath: scratch(run + "/checkpoints"))
    } else {
      for name in try scratch.names(in: run + "/checkpoints") {
        try FileManager.default.removeItem(atPath: scratch(run + "/checkpoints/" + name))
      }
    }
    let before = try scratch.everything(in: run).filter { $0.key != ".lock" }
    for command in [["resume", "tiny"], ["resume", "tiny", "--until", "16"], ["run", "tiny.yaml", "--resume-or-start"]] {
      if remains == .finished, !command.contains("--until") { continue }
      let refused = try Program.run(command, in: scratch)
      #expect(refused.exitCode == 65, "\(refused.output) \(refused.errors)")
      #expect(refused.errors.contains("'\(run)' has lost its checkpoints"), "\(refused.errors)")
      #expect(try scratch.everything(in: run).filter { $0.key != ".lock" } == before)
    }
    let accepted = try Program.run("resume", "tiny", "--until", "16", "--accept", in: scratch)
    #expect(accepted.exitCode == 0, "\(accepted.errors)")
    #expect(try scratch.text(run + "/events.csv").contains(",0,accept,"))
    #expect(try Program.run("run", "tiny.yaml", "schedule.phases.1.hold=8", "--quiet", in: scratch).exitCode == 0)
    #expect(try scratch.outcome(run)["metrics.csv"] == scratch.outcome("runs/tiny/v002")["metrics.csv"])
  }

  @Test func `run names the command that would resume instead, and goes on`() throws {
    let scratch = try stopped()
    let other = try Program.run("run", "tiny.yaml", "seed=8", "--stop-after", "1", in: scratch)
    #expect((other.exitCode, other.errors) == (0, ""), "another spec is another run")
    let quiet = try Program.run("run", "tiny.yaml", "seed=8", "--stop-after", "1", "--quiet", in: scratch)
    #expect((quiet.exitCode, quiet.errors) == (0, ""))
    let hinted = try Program.run("run", "tiny.yaml", "seed=8", "--stop-after", "1", in: scratch)
    let words = "runs/tiny/v003 was stopped at iteration 1 of 12; this begins anew. To continue that one: "
    #expect(hinted.errors.hasPrefix(words) && hinted.errors.hasSuffix(" resume runs/tiny/v003\n"), "\(hinted.errors)")
    #expect(try scratch.names(in: "runs/tiny") == ["v001", "v002", "v003", "v004"])
  }

  @Test(arguments: [("y\n", ["v001"]), ("\n", ["v001", "v002"])])
  func `run asks on a terminal`(answer: String, versions: [String]) throws {
    let scratch = try stopped()
    let (terminal, device) = try Self.openTerminal()
    defer { close(terminal) }
    let handle = FileHandle(fileDescriptor: device, closeOnDealloc: true)
    let process = Process()
    process.executableURL = URL(filePath: Program.path)
    process.arguments = ["run", "tiny.yaml"]
    process.currentDirectoryURL = URL(filePath: scratch.path)
    (process.standardInput, process.standardOutput, process.standardError) = (handle, handle, handle)
    try process.run()
    try handle.close()
    _ = Array(answer.utf8).withUnsafeBytes { write(terminal, $0.baseAddress, $0.count) }
    // Read until nobody has the terminal open any more.
    var said: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while case let count = read(terminal, &buffer, buffer.count), count > 0 { said += buffer.prefix(count) }
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    let text = String(decoding: said, as: UTF8.self)
    #expect(text.contains("runs/tiny/v001 was stopped at iteration 7 of 12. Resume it? [y/N] "), "\(text)")
    #expect(try scratch.names(in: "runs/tiny") == versions)
  }

  /// A terminal: what a user would see and type, and what the program has.
  private static func openTerminal() throws -> (user: Int32, program: Int32) {
    let user = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    // Linux's TIOCSPTLCK and TIOCGPTN, which are macros that Swift does not see.
    var (locked, number) = (Int32(0), UInt32(0))
    try #require(user >= 0 && ioctl(user, 0x4004_5431, &locked) == 0 && ioctl(user, 0x8004_5430, &number) == 0)
    let program = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
    try #require(program >= 0)
    return (user, program)
  }

  @Test func `a run is verified, and a forged row is found`() throws {
    let scratch = try stopped()
    let equal = try Program.run("verify", "tiny", "--threads", "1", in: scratch)
    #expect((equal.exitCode, equal.errors) == (0, ""))
    #expect(equal.lines.first?.hasPrefix("re-running iterations 6 to 7 of runs/tiny/v001, about 0:0") == true, "\(equal.output)")
    #expect(
      equal.lines.last?.hasPrefix("equal to the last bit: ") == true
        && equal.output.hasSuffix(", 2 rows of metrics.csv, 1 of evaluations.csv\n"))
    var lines = try scratch.text("runs/tiny/v001/metrics.csv").components(separatedBy: "\n")
    lines[7] = lines[7].replacing(",2,8,", with: ",2,9,")
    try scratch.write(lines.joined(separator: "\n"), to: "runs/tiny/v001/metrics.csv")
    let different = try Program.run("verify", "tiny", "--quiet", in: scratch)
    #expect((different.exitCode, different.output) == (1, "different: metrics.csv, line 8, resolution: 9 recorded, 8 re-run\n"))
    let missing = try Program.run("verify", "tiny", "--from", "4", in: scratch)
    #expect(missing.exitCode == 66 && missing.errors.contains("note: there are: 5, 7"), "\(missing.errors)")
  }

  @Test func `wrong arguments are told`() throws {
    let scratch = try stopped()
    #expect(try Program.run("resume", "nothing", in: scratch).exitCode == 66)
    #expect(try Program.run("resume", "tiny", "--stop-after", "5", in: scratch).exitCode == 64)
    #expect(try Program.run("resume", "tiny", "--requeue-exit", "256", in: scratch).exitCode == 64)
    #expect(try Program.run("verify", "tiny", "--to", "0", in: scratch).exitCode == 64)
    #expect(try scratch.status() == "stopped")
  }
}
