import Foundation
import Testing

@Suite struct SweepSlurmTests {
  private static let sweep = """
    parameters: {seed: {values: [1, 2, 3]}}
    overrides: ["schedule.phases=[{resolution: 4, hold: 200}]", "generator.widths=[4]", "discriminator.widths=[4]", data.resolution=4, "record.checkpoints={every: 100}"]
    objective: {metric: loss.discriminator}
    workers: 2
    slurm: {cpus: 1, time: "00:20:00"}
    """

  @Test func `the files of the jobs can be had without a cluster`() throws {
    let scratch = try Scratch()
    try scratch.writeTinySweep(Self.sweep)
    let outcome = try Program.run("sweep", "tiny.sweep.yaml", "--executor", "slurm", "--emit-only", in: scratch)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.lines[0] == "runs/tiny/v001: 3 tasks, not submitted; this would:")
    #expect(outcome.lines[1].hasPrefix("sbatch --parsable --array=0-2%2 --output=/"))
    let job = try scratch.text("runs/tiny/v001/slurm/job.sh")
    for option in ["requeue", "open-mode=append", "signal=B:USR1@120", "cpus-per-task=1", "time=00:20:00"] {
      #expect(job.contains("\n#SBATCH --\(option)\n"))
    }
    #expect(try scratch.text("runs/tiny/v001/slurm/tasks-1.txt") == "1\n2\n3\n")
    #expect(try scratch.trials().allSatisfy { $0["status"] == "waiting" })
    // What tasks print goes into a folder in which nobody can have put a link.
    try FileManager.default.createDirectory(atPath: scratch("runs/tiny/v001/slurm/output-7"), withIntermediateDirectories: false)
    let again = try Program.run("sweep", "tiny.sweep.yaml", "--executor", "slurm", "--emit-only", in: scratch)
    #expect(again.lines[1].contains("/runs/tiny/v001/slurm/output-8/%A_%a.out "), "\(again.output)")
    #expect(try scratch.names(in: "runs/tiny/v001/slurm/output-8").isEmpty)
    #expect(try scratch.text("runs/tiny/v001/slurm/tasks-8.txt") == "1\n2\n3\n")
    // The largest number that is read is no end.
    try scratch.write("1\n", to: "runs/tiny/v001/slurm/tasks-999999999.txt")
    for number in [1_000_000_000, 1_000_000_001] {
      let more = try Program.run("sweep", "tiny.sweep.yaml", "--executor", "slurm", "--emit-only", in: scratch)
      #expect(more.exitCode == 0 && more.output.contains("/tasks-\(number).txt"), "\(more.output) \(more.errors)")
    }
  }

  /// An `sbatch` that does the first task at once.
  private static let batch = """
    #!/bin/bash
    for word in "$@"; do [ "${word#-}" != "$word" ] || break; shift; done
    SLURM_ARRAY_TASK_ID=0 bash "$@" >&2 && echo 7
    """

  @Test(arguments: ["r\\351uns", "r'\\314\\201uns; exit 3"])
  func `scripts, arguments and printed commands name a folder by its bytes`(name: String) throws {
    let scratch = try Scratch()
    try scratch.writeTinySweep(Self.sweep)
    try scratch.write(Self.batch, to: "bin/sbatch")
    let script = """
      set -e
      chmod +x bin/sbatch; PATH="$PWD/bin:$PATH"; runs=$(printf "\(name)")
      "$FADEIN" sweep tiny.sweep.yaml --runs "$runs" --executor slurm --emit-only > printed
      "$FADEIN" sweep tiny.sweep.yaml --runs "$runs" --executor slurm
      grep -q '^1,finished' "$runs/tiny/v001/trials.csv"
      bash -c "$(tail -n 1 printed)"
      "$FADEIN" run tiny.yaml --runs "$runs" --stop-after 3 | tail -n 1 > hint
      FADEIN_COMMAND= bash -c "$(sed 's/^to go on: //' hint)"
      ls
      """
    let outcome = try Program.shell(script, in: scratch)
    #expect(outcome.exitCode == 0, "\(outcome)")
    #expect(outcome.lines.last == "tiny.yaml" && outcome.output.contains("tasks submitted as 7"), "\(outcome)")
    #expect(try scratch.names().filter { $0.hasPrefix("r") }.count <= 1)
  }

  @Test func `on a cluster, one task cancelled and one requeued, a sweep ends as it does here`() throws {
    let cluster: SlurmCluster
    do { cluster = try SlurmCluster() } catch let reason as SlurmCluster.Unavailable { try Test.cancel("\(reason)") }
    let (scratch, here) = (try Scratch(), try Scratch())
    for scratch in [scratch, here] { try scratch.writeTinySweep(Self.sweep) }
    func sweep() throws -> Program.Outcome {
      try RunningProgram(
        ["sweep", "tiny.sweep.yaml", "--executor", "slurm"], in: scratch, environment: cluster.environment
      ).wait(timeoutSeconds: 300)
    }
    let submitted = try sweep()
    #expect(submitted.exitCode == 0, "\(submitted.errors)")
    #expect(submitted.output.hasPrefix("runs/tiny/v001: 3 tasks submitted as "), "\(submitted.output)")
    let job = try scratch.text("runs/tiny/v001/slurm/jobs.txt").trimmingCharacters(in: .newlines)
    func wait(_ seconds: Double = 300, until isTrue: () throws -> Bool) throws {
      let deadline = Date(timeIntervalSinceNow: seconds)
      while try !isTrue() { try #require(Date() < deadline) }
    }
    func hasBegun(_ trial: Int) -> Bool {
      (try? scratch.text("runs/tiny/v001/trials/t000\(trial)/metrics.csv"))?.contains("\n20,") == true
    }
    try wait { hasBegun(1) && hasBegun(2) }
    _ = try cluster.command("scancel", "--signal=USR1", "--batch", "\(job)_0")
    _ = try cluster.command("scancel", "\(job)_1")
    try wait { try cluster.command("squeue", "--array", "--noheader").isEmpty }
    let status = try RunningProgram(["sweep", "status", "tiny"], in: scratch, environment: cluster.environment).wait()
    #expect(status.output.contains("slurm: 0 tasks running, 0 waiting"), "\(status.output)")
    // The cancelled one is left; the same command takes it up.
    if try scratch.trials().contains(where: { $0["status"] == "waiting" }) {
      #expect(try sweep().output.contains("1 tasks submitted"))
      try wait { try cluster.command("squeue", "--array", "--noheader").isEmpty }
    }
    #expect(try Program.run("sweep", "tiny.sweep.yaml", "--quiet", in: here, timeoutSeconds: 300).exitCode == 0)
    #expect(try scratch.text("runs/tiny/v001/trials.csv") == here.text("runs/tiny/v001/trials.csv"))
    for trial in 1...3 { #expect(try scratch.count("finish", in: "runs/tiny/v001/trials/t000\(trial)") == 1) }
    #expect(try scratch.count("interrupt", in: "runs/tiny/v001/trials/t0001") <= 1)
  }

  private static let tpe = """
    parameters: {optimizer.adam.rate: {log_uniform: [1e-4, 1e-2]}}
    overrides: ["schedule.phases=[{resolution: 4, hold: 2}]", "generator.widths=[4]", "discriminator.widths=[4]", data.resolution=4]
    search: {tpe: {trials: 5, seed: 3}}
    objective: {metric: score.real, goal: maximize}
    workers: 2
    slurm: {cpus: 1, time: "00:20:00"}
    """

  @Test func `an adaptive search runs inside tasks, in more arrays than one where they must be short`() throws {
    let cluster: SlurmCluster
    do { cluster = try SlurmCluster(longestArray: 3) } catch let reason as SlurmCluster.Unavailable { try Test.cancel("\(reason)") }
    let scratch = try Scratch()
    try scratch.writeTinySweep(Self.tpe)
    let submitted = try RunningProgram(
      ["sweep", "tiny.sweep.yaml", "--executor", "slurm"], in: scratch, environment: cluster.environment
    ).wait(timeoutSeconds: 300)
    #expect(submitted.exitCode == 0, "\(submitted.errors)")
    // Five tasks: numbers 0 to 2, and 0 to 1.
    #expect(submitted.output.hasPrefix("runs/tiny/v001: 5 tasks submitted as "), "\(submitted.output)")
    let jobs = try scratch.text("runs/tiny/v001/slurm/jobs.txt").split(separator: "\n")
    #expect(jobs.count == 2)
    let deadline = Date(timeIntervalSinceNow: 300)
    while try !cluster.command("squeue", "--array", "--noheader").isEmpty { try #require(Date() < deadline) }
    let trials = try scratch.trials()
    #expect(trials.count == 5 && trials.allSatisfy { $0["status"] == "finished" }, "\(trials)")
    #expect(Set(trials.map { $0["optimizer.adam.rate"]! }).count == 5)
    for trial in 1...5 { #expect(try scratch.count("finish", in: "runs/tiny/v001/trials/t000\(trial)") == 1) }
    // Nothing is left to submit.
    let again = try RunningProgram(
      ["sweep", "tiny.sweep.yaml", "--executor", "slurm"], in: scratch, environment: cluster.environment
    ).wait(timeoutSeconds: 300)
    #expect(again.output == "runs/tiny/v001 is finished: there is nothing to run\n")
  }
}
