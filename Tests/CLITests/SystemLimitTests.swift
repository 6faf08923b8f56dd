import Foundation
import Testing

/// Real limits of the system, set by `ulimit`.
@Suite struct SystemLimitTests {
  private func tiny() throws -> Scratch {
    let scratch = try Scratch()
    try scratch.writeTinyExperiment()
    return scratch
  }

  /// Networks that take 50 GB or more.
  private static let giant = ["generator.widths=[8192,8192]", "discriminator.widths=[8192,8192]"]

  @Test func `a small run needs little memory`() throws {
    let scratch = try tiny()
    #expect(try Program.run("run", "tiny.yaml", in: scratch).exitCode == 0)
    // What a run takes must not depend on what its threads do at the same moment.
    for version in 2..<8 {
      let outcome = try Program.shell(
        "ulimit -v 180000; exec \"$FADEIN\" run tiny.yaml --threads 3", in: scratch, timeoutSeconds: 120)
      try #require(outcome.exitCode == 0, "\(outcome.errors)")
      #expect(try scratch.outcome("runs/tiny/v001") == scratch.outcome("runs/tiny/v00\(version)"))
    }
  }

  @Test func `without what was asked for a command does nothing, and says so`() throws {
    let scratch = try tiny()
    // Only root can take `/proc` away.
    guard try Program.shell("unshare -m umount -l /proc", in: scratch).exitCode == 0 else { return }
    for command in ["list", "list --json", "run tiny.yaml", "nonsense", "--help", ""] {
      let outcome = try Program.shell("unshare -m sh -c 'umount -l /proc && exec \"$FADEIN\" \(command)'", in: scratch)
      #expect(outcome.exitCode == 71 && outcome.output.isEmpty, "\(command): \(outcome.exitCode) \(outcome.output)")
      #expect(outcome.errors == "error: the command line cannot be read from '/proc/self/cmdline'\n")
    }
    #expect(try scratch.names() == ["icons", "tiny.yaml"])
    // Empty arguments and long ones are told.
    let long = String(repeating: "x", count: 100_000)
    let outcome = try Program.run("run", "tiny.yaml", "", long, in: scratch)
    #expect(outcome.exitCode == 65, "\(outcome.errors.prefix(200))")
  }

  @Test func `a limit that the start of the program almost fills is one message`() throws {
    let scratch = try tiny()
    try scratch.writeTinySweep("parameters: {seed: {values: [1, 2]}}\nworkers: 2")
    // What the program takes for itself differs between machines.
    for limit in stride(from: 88_000, through: 130_000, by: 6_000) {
      for command in ["run tiny.yaml --threads 2", "sweep tiny.sweep.yaml"] {
        let outcome = try Program.shell("ulimit -v \(limit); exec \"$FADEIN\" \(command) --quiet", in: scratch)
        let isLoaded = !outcome.errors.contains("error while loading shared libraries")
        #expect([0, 71].contains(outcome.exitCode) || !isLoaded, "\(limit) \(command): \(outcome.exitCode) \(outcome.errors)")
      }
    }
  }

  @Test func `the program depends on no library that only a benchmark uses`() throws {
    #expect(try Program.shell("ldd \"$FADEIN\"", in: Scratch()).output.contains("libpng"))
    #expect(try !Program.shell("ldd \"$FADEIN\"", in: Scratch()).output.contains("blas"))
  }

  @Test func `a plan tells of memory that is not there`() throws {
    for limit in ["ulimit -v 4000000;", ""] {
      let line =
        "\(limit) exec \"$FADEIN\" plan tiny.yaml --json \(Self.giant.joined(separator: " "))"
      let outcome = try Program.shell(line, in: tiny())
      // On a machine that has so much it would be timed.
      guard outcome.exitCode == 0, let last = outcome.lines.last,
        !limit.isEmpty || outcome.errors.contains("is not timed")
      else {
        #expect(limit.isEmpty, "\(outcome.errors)")
        continue
      }
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(last.utf8)) as? [String: Any])
      #expect(try #require(object["memory_mb"] as? Double) > 20_000)
      #expect(
        object["seconds"] == nil && outcome.errors.contains("is not timed"), "\(outcome.errors)")
    }
  }

  @Test(arguments: [
    "run tiny.yaml", "bench tiny.yaml --resolutions 8", "trace tiny.yaml --iteration 1 --out x",
    "sweep tiny.sweep.yaml",
  ])
  func `what needs more memory than there is is refused before anything is written`(command: String)
    throws
  {
    let scratch = try tiny()
    try scratch.write(
      "version: 1\nname: swept\nexperiment: tiny.yaml\noverrides: [\(Self.giant.map { "\"\($0)\"" }.joined(separator: ", "))]\n"
        + "parameters: {seed: {values: [1, 2]}}\n", to: "tiny.sweep.yaml")
    let words = command.hasPrefix("sweep") ? "" : Self.giant.joined(separator: " ")
    let outcome = try Program.shell(
      "ulimit -v 4000000; exec \"$FADEIN\" \(command) \(words)", in: scratch)
    #expect(outcome.exitCode == 71, "\(outcome.errors)")
    #expect(
      outcome.errors.contains("MB of memory, but the "),
      "\(outcome.errors)")
    #expect(outcome.errors.split(separator: "\n").count == 1)
    #expect(try !scratch.names().contains("runs") && !scratch.names().contains("x"))
  }

  /// Every file of the runs but for the locks' notes.
  private func recorded(in scratch: Scratch) throws -> [String: Data] {
    try scratch.everything(in: "runs").filter { !$0.key.hasSuffix(".lock") }
  }

  @Test func `a run that no longer fits is left as it is`() throws {
    let scratch = try tiny()
    #expect(try Program.run("run", "tiny.yaml", "--stop-after", "5", in: scratch).exitCode == 0)
    for command in ["resume tiny", "evaluate tiny", "verify tiny", "generate tiny --grid 100x100"] {
      let before = try recorded(in: scratch)
      let outcome = try Program.shell("ulimit -v 120000; exec \"$FADEIN\" \(command)", in: scratch)
      #expect(
        [0, 71].contains(outcome.exitCode), "\(command): \(outcome.exitCode) \(outcome.errors)")
      guard outcome.exitCode != 0 else { continue }
      #expect(try recorded(in: scratch) == before, "\(command)")
    }
  }

  @Test(arguments: [10, 14, 20, 27, 40]) func `few open files are enough, or one message says so`(
    limit: Int
  ) throws {
    let scratch = try tiny()
    for command in ["run tiny.yaml", "list", "compare --runs runs"] {
      let outcome = try Program.shell(
        "ulimit -n \(limit); exec \"$FADEIN\" \(command)", in: scratch)
      guard outcome.exitCode != 0 else { continue }
      #expect(
        [66, 71].contains(outcome.exitCode), "\(command): \(outcome.exitCode) \(outcome.errors)")
      #expect(outcome.errors.hasPrefix("error: "), "\(outcome.errors)")
    }
  }

  @Test func `a small stack is enough`() throws {
    let scratch = try tiny()
    #expect(try Program.run("run", "tiny.yaml", in: scratch).exitCode == 0)
    for command in [
      "run tiny.yaml --threads 3", "validate tiny.yaml", "plan tiny.yaml",
      "generate tiny --count 2 --out drawn", "list",
    ] {
      let outcome = try Program.shell("ulimit -s 256; exec \"$FADEIN\" \(command)", in: scratch)
      #expect(outcome.exitCode == 0, "\(command): \(outcome.exitCode) \(outcome.errors)")
    }
    #expect(try scratch.outcome("runs/tiny/v001") == scratch.outcome("runs/tiny/v002"))
  }

  /// The exit code where another user cannot reach the program.
  private static let outOfReach: Int32 = 99

  /// A user of their own with so many processes; without the right to be another user, this one with no more than there are.
  private func limited(_ command: String, _ processes: Int, in scratch: Scratch) throws
    -> Program.Outcome
  {
    guard geteuid() == 0 else {
      return try Program.shell(
        "exec bash -c 'ulimit -u 1; exec \"$FADEIN\" \(command)'", in: scratch, timeoutSeconds: 120)
    }
    let user = Int.random(in: 1_000_000..<2_000_000)
    let line =
      "chmod -R a+rwX .. && exec setpriv --reuid=\(user) --regid=\(user) --clear-groups --inh-caps=-all --bounding-set=-all "
      + "bash -c 'test -x \"$FADEIN\" || exit \(Self.outOfReach); ulimit -u \(processes); exec \"$FADEIN\" \(command)'"
    return try Program.shell(line, in: scratch, timeoutSeconds: 120)
  }

  @Test(arguments: [1, 2, 3]) func `few threads are enough, and a line says so`(processes: Int)
    throws
  {
    let scratch = try tiny()
    #expect(try Program.run("run", "tiny.yaml", in: scratch).exitCode == 0)
    let outcome = try limited("run tiny.yaml --threads 8", processes, in: scratch)
    guard outcome.exitCode != Self.outOfReach else { return }
    #expect(outcome.exitCode == 0, "\(outcome.exitCode): \(outcome.output) \(outcome.errors)")
    #expect(outcome.output.contains("of 8 threads"), "\(outcome.output)")
    #expect(try scratch.outcome("runs/tiny/v001") == scratch.outcome("runs/tiny/v002"))
    for command in [
      "generate tiny --count 2 --threads 4 --out drawn", "compare tiny --threads 4",
      "verify tiny --threads 4", "plan tiny.yaml",
    ] {
      let outcome = try limited(command, processes, in: scratch)
      #expect(outcome.exitCode == 0, "\(command): \(outcome.exitCode) \(outcome.errors)")
    }
    try scratch.writeTinySweep("parameters: {seed: {values: [1, 2, 3]}}", name: "swept")
    let isAlone = processes == 1 || geteuid() != 0
    let sweep = try limited("sweep swept.sweep.yaml --workers 3 --threads 1", processes, in: scratch)
    #expect(sweep.exitCode == (isAlone ? 71 : 0), "\(sweep.exitCode): \(sweep.output) \(sweep.errors)")
    if !isAlone { #expect(sweep.output.contains("the system gives no more processes"), "\(sweep.output)") }
  }

  @Test
  func `a program that gives way says so to the system, and one that stops says how to go on`()
    throws
  {
    let scratch = try tiny()
    let outcome = try Program.run(
      "run", "tiny.yaml", "--stop-after", "5", "--nice", "7", "--runs", "my runs", in: scratch)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let line = try #require(outcome.lines.first { $0.hasPrefix("to go on: ") })
    #expect(line.hasSuffix("resume 'my runs/tiny/v001'"), "\(line)")
    let next = try Program.shell(String(line.dropFirst("to go on: ".count)), in: scratch)
    #expect(
      next.exitCode == 0 && next.output.contains("finished after 12 iterations"), "\(next.errors)")
    #expect(try Program.run("run", "tiny.yaml", "--nice", "20", in: scratch).exitCode == 64)
  }
}
