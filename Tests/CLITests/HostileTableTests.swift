import Basics
import Foundation
import Runs
import Testing

/// Tables of somebody else that are small when packed: no view of runs takes more memory than it says.
@Suite struct HostileTableTests {
  /// A run of which `rows` of `metrics.csv` are `row`, under `header`.
  private func makeRun(_ name: String, _ header: String, _ row: String, bytes: Int, in scratch: Scratch) throws {
    let folder = "runs/\(name)/v001"
    var manifest = Manifest(
      id: name, name: name, version: 1, seed: 1, iterations: 10, created: Timestamp(milliseconds: 0), threads: 2,
      fadeinVersion: "0.1.0", specHash: "")
    manifest.label = name
    try scratch.write("version: 1\nname: x\nseed: 1\n", to: "\(folder)/spec.yaml")
    try manifest.write(to: RunDirectory(scratch(folder)), LocalFileSystem())
    try scratch.write("time,iteration,event,detail\n", to: "\(folder)/events.csv")
    let pieces = max(1, (1 << 16) / row.utf8.count)
    let piece = Data(repeatElement(row.utf8, count: pieces).joined())
    let path = scratch("\(folder)/metrics.csv")
    try scratch.write(header, to: "\(folder)/metrics.csv")
    let file = try FileHandle(forWritingTo: URL(filePath: path))
    try file.seekToEnd()
    for _ in 0..<bytes / piece.count { try file.write(contentsOf: piece) }
    try file.close()
  }

  /// How the command ended, and the most memory that it took, in MB.
  private func run(_ command: String, in scratch: Scratch) throws -> (code: Int32, megabytes: Int) {
    let words = [Program.path] + command.split(separator: " ").map(String.init) + ["--runs", scratch("runs")]
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for descriptor in [STDOUT_FILENO, STDERR_FILENO] {
      posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_WRONLY, 0)
    }
    let arguments = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var process: pid_t = 0
    try #require(posix_spawn(&process, Program.path, &actions, nil, arguments, environ) == 0)
    var (status, usage) = (Int32(0), rusage())
    while wait4(process, &status, 0, &usage) < 0 { try #require(errno == EINTR) }
    return (status & 0x7f == 0 ? status >> 8 & 0xff : -(status & 0x7f), usage.ru_maxrss / 1000)
  }

  @Test func `a table that is small when packed takes no memory to speak of`() throws {
    let scratch = try Scratch()
    let header = "iteration,images,phase,resolution,alpha,loss.generator,loss.discriminator,swd_mean,ms_ssim,gradient_norm\n"
    try makeRun("empty", header, ",,,,,,,,,\n", bytes: 24 << 20, in: scratch)
    try makeRun("same", header, "1,16,1,4,1,1,1,1,1,1\n", bytes: 24 << 20, in: scratch)
    try makeRun("phases", header, "1,16,1,4,1,1,1,1,1,1\n2,17,2,4,1,1,1,1,1,1\n", bytes: 8 << 20, in: scratch)
    try makeRun("line", header, String(repeating: ",", count: 1 << 16), bytes: 24 << 20, in: scratch)
    try makeRun("columns", (0..<400_000).map { "c\($0)" }.joined(separator: ",") + "\n", "1\n", bytes: 1 << 16, in: scratch)
    try makeRun("events", header, "1,16,1,4,1,1,1,1,1,1\n", bytes: 1 << 10, in: scratch)
    try scratch.write(
      "time,iteration,event,detail\n" + String(repeating: "t,1,resume,x\n", count: 400_000), to: "runs/events/v001/events.csv")
    for command in [
      "list", "compare", "compare --at mean", "report --out \(scratch("page.html"))", "why empty same", "why events same",
    ] {
      // A process that was just begun counts the memory of the one that began it, as this program of tests is.
      let before = try run("--version", in: scratch).megabytes
      let (code, megabytes) = try run(command, in: scratch)
      #expect((0...1).contains(code) && megabytes < max(256, before + 64), "\(command): \(code), \(megabytes) MB")
    }
  }

  /// A trial of a sweep whose `trials.csv` begins with `header`, followed by `count` times `row`.
  private func makeSweep(_ name: String, _ header: String, _ row: String, count: Int, in scratch: Scratch) throws {
    try makeRun("\(name)/v001/trials/t0001", "iteration,images,loss\n", "10,160,1\n", bytes: 1 << 17, in: scratch)
    let folder = "runs/\(name)/v001"
    try FileManager.default.moveItem(atPath: scratch("\(folder)/trials/t0001/v001"), toPath: scratch("\(folder)/trial"))
    try FileManager.default.removeItem(atPath: scratch("\(folder)/trials/t0001"))
    try FileManager.default.moveItem(atPath: scratch("\(folder)/trial"), toPath: scratch("\(folder)/trials/t0001"))
    let run = RunDirectory(scratch("\(folder)/trials/t0001"))
    var manifest = try Manifest(run, LocalFileSystem())
    manifest.sweep = "\(name)/v001"
    try manifest.write(to: run, LocalFileSystem())
    try scratch.write("version: 1\n", to: "\(folder)/sweep.yaml")
    try scratch.write(header + String(repeating: row, count: count), to: "\(folder)/trials.csv")
  }

  @Test func `tables of many sweeps take neither more memory than one nor the square of their columns`() throws {
    let scratch = try Scratch()
    for number in 1...5 {
      let columns = (0..<20).map { ",x\($0)" }.joined()
      try makeSweep(
        "rows\(number)", "trial,repeat\(columns),objective\n", "1,\(String(repeating: ",", count: 21))\n", count: 150_000,
        in: scratch)
    }
    for number in 1...4 {
      let columns = (0..<9990).map { ",s\(number)y\($0)" }.joined()
      try makeSweep(
        "columns\(number)", "trial,repeat\(columns),objective\n", "1,\(String(repeating: ",", count: 9991))\n", count: 1,
        in: scratch)
    }
    for number in 1...30 {
      let columns = (0..<7000).map { ",r\(number)c\($0)" }.joined()
      try makeRun(
        "metrics\(number)", "iteration,images\(columns)\n", "10,160\(String(repeating: ",1", count: 7000))\n", bytes: 1 << 16,
        in: scratch)
    }
    for command in ["compare rows*", "compare columns*", "compare metrics* --columns run", "why metrics1 metrics2"] {
      let before = try run("--version", in: scratch).megabytes
      let start = ContinuousClock.now
      let (code, megabytes) = try run(command, in: scratch)
      #expect((0...1).contains(code) && megabytes < max(256, before + 64), "\(command): \(code), \(megabytes) MB")
      #expect(ContinuousClock.now - start < .seconds(60), "\(command)")
    }
  }
}
