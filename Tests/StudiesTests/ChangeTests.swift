import Basics
import Foundation
import Testing

@testable import Studies

/// A sweep file that was changed since its sweep began.
@Suite struct ChangeTests {
  private static let grid = """
    parameters:
      optimizer.adam.rate: {values: [1e-4, 1e-3]}
      generator.latent: {values: [4, 5]}
    objective: {metric: loss.discriminator}

    """
  private static let random = """
    parameters: {optimizer.adam.rate: {uniform: [0.1, 0.2]}}
    search: {random: {trials: 3}}

    """
  private static let tpe = random.replacing("random: {trials: 3}", with: "tpe: {trials: 3}") + "objective: {metric: score.real}\n"

  private func change(_ before: String, _ after: String) throws -> SweepChange {
    let folder = try Folder()
    let source = try folder.source(before)
    let study = try Study.begin(
      source, file: "test.sweep.yaml", trials: try source.plannedTrials(), in: folder("runs"), version: "0")
    let changed = try folder.source(after)
    return try SweepChange(changed, try changed.plannedTrials(), to: study)
  }

  @Test(arguments: [grid, random, tpe]) func `the same file is the same sweep`(text: String) throws {
    #expect(try change(text, text) == .same)
    #expect(try change(text, "# a comment\nworkers: 3\n" + text) == .same)
  }

  @Test func `a grid with more values is extended, and what was there keeps its number`() throws {
    guard case .extended(let trials, 2) = try change(Self.grid, Self.grid.replacing("[1e-4, 1e-3]", with: "[1e-5, 1e-4, 1e-3]"))
    else { return recordFailure("it was not extended") }
    #expect(trials.map(\.number) == [5, 6] && trials.map(\.point) == [5, 6])
    #expect(trials.map(\.values) == [["1e-5", "4"], ["1e-5", "5"]])
  }

  @Test func `a process that knows the shorter sweep does not take an extension back`() throws {
    let folder = try Folder()
    let source = try folder.source(Self.grid)
    let begun = try Study.begin(
      source, file: "test.sweep.yaml", trials: try source.plannedTrials(), in: folder("runs"), version: "0")
    let older = try Study(begun.directory)
    let before = try older.table()
    let table = { try folder.text("runs/test/v001/trials.csv") }
    let text = try table()
    // One that is cut is put back, under the lock and outside of it.
    try folder.write(text.split(separator: "\n").prefix(3).joined(separator: "\n") + "\n", to: "runs/test/v001/trials.csv")
    #expect(try older.table() == before && table() == text)
    #expect(older.takeNotices().count == 1)
    try FileManager.default.removeItem(atPath: folder("runs/test/v001/trials.csv"))
    #expect(try older.update { $0.trials.count } == 4)
    #expect(try table() == text && older.takeNotices().count == 1)
    // One who sees it for the first time does not know what it was.
    try folder.write("", to: "runs/test/v001/trials.csv")
    #expect(throws: UnusableFile.self) { try Study(begun.directory).table() }
    #expect(try older.table() == before)
    let longer = try folder.source(Self.grid.replacing("[1e-4, 1e-3]", with: "[1e-5, 1e-4, 1e-3]"))
    guard case .extended(let more, _) = try SweepChange(longer, try longer.plannedTrials(), to: begun) else {
      return recordFailure("it was not extended")
    }
    _ = try begun.extend(longer, more)
    let extended = try table()
    _ = older.takeNotices()
    #expect(throws: UnusableFile.self) { try older.table() }
    #expect(throws: UnusableFile.self) { try older.update { _ in } }
    #expect(try table() == extended && older.takeNotices().isEmpty)
  }

  @Test func `more trials and more repeats extend`() throws {
    guard case .extended(let trials, 2) = try change(Self.random, Self.random.replacing("trials: 3", with: "trials: 5")) else {
      return recordFailure("it was not extended")
    }
    #expect(trials.map(\.number) == [4, 5] && trials.map(\.point) == [4, 5])
    guard case .extended(let repeats, 4) = try change(Self.grid, Self.grid + "repeats: 2\n") else {
      return recordFailure("it was not extended")
    }
    #expect(repeats.map(\.point) == [1, 2, 3, 4] && repeats.allSatisfy { $0.repeat == 2 && $0.seed == 8 })
    #expect(try change(Self.tpe, Self.tpe.replacing("trials: 3", with: "trials: 9")) == .extended([], more: 6))
  }

  @Test(arguments: [
    (grid, grid.replacing("1e-4, 1e-3", with: "1e-4"), ["fewer trials"]),
    (grid, grid.replacing("latent", with: "layers.leaky_relu.slope").replacing("[4, 5]", with: "[0.1]"), ["parameters"]),
    (grid, grid.replacing("discriminator}", with: "generator}"), ["objective"]),
    (grid, grid + "stopping: {median: {}}\n", ["stopping"]), (grid, grid + "overrides: [schedule.batch=8]\n", ["the experiment"]),
    (random, random.replacing("0.2", with: "0.3"), ["parameters"]),
    (random, random.replacing("trials: 3", with: "trials: 3, seed: 4"), ["search.random.seed"]),
    (random, random.replacing("trials: 3", with: "trials: 2"), ["fewer trials"]), (random, tpe, ["search", "objective"]),
    (tpe, tpe.replacing("trials: 3", with: "trials: 2"), ["fewer trials"]),
  ]) func `another sweep is told apart, and what differs`(before: String, after: String, settings: [String]) throws {
    guard case .different(let found) = try change(before, after) else { return recordFailure("it was not told apart") }
    #expect(Set(settings).isSubset(of: found), "\(found)")
  }
}

private func recordFailure(_ text: String) { Issue.record("\(text)") }
