import ArgumentParser
import Basics
import Foundation

/// Kills real runs, races for them, damages their files, fills their disk and turns their clock, and compares how each ends with a run
/// that nothing happened to.
@main struct Torture: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scripts/torture",
    abstract: "Kills real runs, races for them, damages their files, fills their disk and turns their clock.",
    discussion: """
      Each must end as a run does that nothing happened to. Prints what was tried and how much of it failed; ends with 1 if anything did.
      """)

  @Flag(help: "A selection that takes a minute or two.") var short = false
  @Option(help: "Chooses other moments and places.") var seed: UInt64 = 1
  @Option(help: "How many kills at random moments.") var kills: Int?
  @Option(help: "The program; without it the release build, which is built.") var program: String?
  @Option(help: "Where to work; it stays. Without it a temporary folder that goes.") var folder: String?
  @Argument(help: "Only these chapters of \(Catalog.chapters.map(\.name).joined(separator: ", ")).") var chapters: [String] = []

  func validate() throws {
    for name in chapters where !Catalog.chapters.contains(where: { $0.name == name }) {
      throw ValidationError("There is no chapter '\(name)'.")
    }
  }

  func run() throws {
    let mayMount = Workplace.moveMounts()
    let workplace = try Workplace(program: try program ?? Self.releaseBuild(), folder: folder)
    workplace.closeOnSignals()
    defer { workplace.close() }
    print("scripts/torture: \(workplace.program), seed \(seed), in \(workplace.folder)")
    let clock = MonotonicClock.system
    let start = clock.seconds
    let session = Session(
      try Experiment(in: workplace), isShort: short, seed: seed, kills: kills ?? Count.kills.number(short), mayMount: mayMount)
    for (name, chapter) in Catalog.chapters where chapters.isEmpty || chapters.contains(name) { try chapter.run(session) }
    let code: Int32 = session.results.hasFailed ? 1 : 0
    print("\n\(session.results.table)")
    let (length, slowest) = (Int(1000 * session.experiment.seconds), Int(1000 * session.slowestRefusal))
    print("undisturbed run: \(length) ms, \(Experiment.iterations) iterations; slowest refusal of a held run: \(slowest) ms")
    print("scripts/torture: \(Int(clock.seconds - start)) s, seed \(seed), exit code \(code)")
    if code != 0 { throw ArgumentParser.ExitCode(code) }
  }

  /// Builds the program in release mode.
  private static func releaseBuild() throws -> String {
    let script = Path.join(Workplace.repository, "fadein")
    let words = [script, "--help"]
    guard Command.run(words, environment: ProcessInfo.processInfo.environment, seconds: 3600)?.code == 0 else {
      throw Verdict.failed("\(script) cannot be built")
    }
    return Path.join(Workplace.repository, ".build/release/fadein")
  }
}
