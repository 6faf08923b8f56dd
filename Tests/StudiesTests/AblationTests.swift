import Basics
import Spec
import Testing

@testable import Studies

/// Sweeps that try named changes.
@Suite struct AblationTests {
  private static let three = """
    ablate:
      - {name: no drift, changes: [~loss.discriminator.drift]}
      - {name: small latent, changes: [generator.latent=3]}
      - {name: longer end, changes: [schedule.phases.2.hold=9]}
    repeats: 2

    """

  @Test func `trials are the baseline, each change alone and all of them, each with the same seeds`() throws {
    let source = try Folder().source(Self.three + "together: true\n")
    let trials = try source.plannedTrials()
    let names = ["baseline", "no drift", "small latent", "longer end", "all"]
    #expect(trials.map(\.values) == names.flatMap { [[$0], [$0]] })
    #expect(trials.map(\.seed) == names.flatMap { _ in [7, 8] } && trials.map(\.number) == Array(1...10))
    #expect(source.sweep.paths == ["change"])
    #expect(source.label(of: trials[3]) == "change=no drift seed=8")
    #expect(try Folder().source(Self.three).plannedTrials().count == 8)
    try source.validate(trials, path: "test.sweep.yaml", checkingFiles: false)
  }

  /// Changes of the tiny experiment that have nothing to do with each other.
  private static let changes = [
    "~loss.discriminator.drift", "generator.latent=3", "discriminator.top=9", "~discriminator.end.minibatch_deviation",
    "optimizer.adam.rate=1e-3", "generator.widths=[9, 6, 4]", "schedule.phases.2.hold=7", "record.metrics=3", "~optimizer.drops",
  ]

  @Test(arguments: 0..<60 as Range<UInt64>) func `each trial runs the experiment with its changes and its seed`(seed: UInt64) throws
  {
    var stream = RandomStream(seed: seed, name: "ablation")
    let chosen = stream.permutation(of: Self.changes.count).prefix(2 + stream.below(6)).map { Self.changes[$0] }
    let parts = 1 + stream.below(chosen.count - 1)
    // The first part one by one, the rest as one change.
    let ablations = chosen.prefix(parts).map { [$0] } + [Array(chosen.dropFirst(parts))]
    let lines = ablations.enumerated().map { number, changes in
      "  - {name: change \(number), changes: [\(changes.map { "'\($0)'" }.joined(separator: ", "))]}\n"
    }
    let repeats = 1 + stream.below(3)
    let source = try Folder().source("ablate:\n" + lines.joined() + "together: true\nrepeats: \(repeats)\n")
    let trials = try source.plannedTrials()
    try source.validate(trials, path: "test.sweep.yaml", checkingFiles: false)
    let variants = [[]] + ablations + [chosen]
    #expect(trials.count == variants.count * repeats)
    for (trial, spec) in zip(trials, source.specs(of: trials)) {
      let changes = variants[(trial.number - 1) / repeats]
      let alone = try source.experiment(changes + ["seed=\(7 + (trial.number - 1) % repeats)"])
      #expect(try spec.get().yaml == alone.yaml, "seed \(seed): trial \(trial.number)")
    }
    // What they are does not depend on the order in which all are made.
    #expect(try source.experiment(chosen).yaml == source.experiment(chosen.reversed()).yaml)
    // A table gives the names back.
    for trial in trials { #expect(source.sweep.point(of: trial.values).map(source.sweep.values) == trial.values) }
  }

  @Test func `a change of later phases shares the beginning of the baseline with its seed`() throws {
    let source = try Folder().source(Self.three + "together: true\n")
    let index = try PrefixIndex(source, try source.plannedTrials())
    #expect(index.prefixes.map(\.trials) == [[1, 7], [2, 8]] && index.prefixes.allSatisfy { $0.phase == 2 })
  }

  @Test func `changes that choose images have a list of their own`() throws {
    let folder = try Folder()
    let source = try folder.source(
      "ablate: [{name: cropped, changes: [data.fit=crop]}, {name: no drift, changes: [~loss.discriminator.drift]}]\n")
    #expect(try SweepImages.uses(of: source, try source.plannedTrials()).map(\.data.fit) == [.squash, .crop])
    let other = try folder.source("ablate: [{name: no drift, changes: [~loss.discriminator.drift]}]\n")
    #expect(try SweepImages.uses(of: other, try other.plannedTrials()).count == 1)
  }

  private func change(_ before: String, _ after: String) throws -> SweepChange {
    let folder = try Folder()
    let source = try folder.source(before)
    let study = try Study.begin(
      source, file: "test.sweep.yaml", trials: try source.plannedTrials(), in: folder("runs"), version: "0")
    let changed = try folder.source(after)
    return try SweepChange(changed, try changed.plannedTrials(), to: study)
  }

  @Test func `another change, more repeats and all at once extend; what a name stands for stays`() throws {
    #expect(try change(Self.three, Self.three) == .same)
    guard case .extended(let all, 2) = try change(Self.three, Self.three + "together: true\n") else { return fail() }
    #expect(all.map(\.values) == [["all"], ["all"]] && all.map(\.number) == [9, 10] && all.map(\.point) == [5, 5])
    let one = Self.three.replacing("repeats", with: "  - {name: flat, changes: [discriminator.top=9]}\nrepeats")
    guard case .extended(let more, 2) = try change(Self.three, one) else { return fail() }
    #expect(more.allSatisfy { $0.values == ["flat"] } && more.map(\.seed) == [7, 8])
    guard case .extended(let repeats, 4) = try change(Self.three, Self.three.replacing("repeats: 2", with: "repeats: 3")) else {
      return fail()
    }
    #expect(repeats.map(\.seed) == [9, 9, 9, 9])
    let other = Self.three.replacing("latent=3", with: "latent=4")
    #expect(try change(Self.three, other) == .different(["ablate.small latent"]))
    // All at once are others now.
    #expect(try change(Self.three + "together: true\n", one + "together: true\n") == .different(["ablate"]))
    #expect(try change(Self.three + "together: true\n", Self.three) == .different(["fewer trials"]))
    let parameters = "parameters: {generator.latent: {values: [2, 3]}}\nrepeats: 2\n"
    #expect(try change(Self.three, parameters) == .different(["parameters"]))
  }

  private func fail() { Issue.record("it was not extended") }
}
