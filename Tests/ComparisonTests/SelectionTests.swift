import Basics
import Foundation
import Runs
import Testing

@testable import Comparison

@Suite struct SelectionTests {
  let maker: RunMaker
  init() throws {
    maker = try RunMaker()
    for name in ["mel/v001", "mel/v002", "penalty/v001/trials/t0001", "penalty/v001/trials/t0002", "penalty/v001/prefixes/p1"] {
      try maker.run(name)
    }
    try maker.write("version: 1\n", to: "penalty/v001/sweep.yaml")
    try maker.write("x", to: "NOTES.txt")
  }

  private func names(_ references: [String]) throws -> [String] {
    let selection = try RunSelection(references, in: maker.path, maker.files)
    return selection.runs.map(selection.name)
  }

  @Test func `without references all runs are meant`() throws {
    #expect(try names([]) == ["mel/v001", "mel/v002", "penalty/v001/trials/t0001", "penalty/v001/trials/t0002"])
  }

  @Test func `a name is its newest version, a sweep its trials, a pattern what it matches`() throws {
    let trials = ["penalty/v001/trials/t0001", "penalty/v001/trials/t0002"]
    #expect(try names(["mel"]) == ["mel/v002"])
    #expect(try names(["mel/v001", maker("mel/v001/"), "mel/v002"]) == ["mel/v001", "mel/v002"])
    #expect(try names(["penalty"]) == trials)
    #expect(try names(["penalty/v001"]) == trials)
    #expect(try names(["mel/*"]) == ["mel/v001", "mel/v002"])
    #expect(try names(["*/v00[12]"]) == ["mel/v001", "mel/v002"] + trials)
    #expect(try names([maker("*")]) == ["mel/v002"] + trials)
    #expect(try names(["penalty/*/trials/*2"]) == [trials[1]])
    #expect(try names(["penalty/v001/prefixes/p1"]) == ["penalty/v001/prefixes/p1"])
  }

  @Test func `what is no run is told once, however often it is meant`() throws {
    for number in 1...5000 {
      try #require(symlink("/etc", maker("penalty/v001/trials/t1\(number)")) == 0)
      if number % 2 == 0 { try #require(symlink("/etc", maker("mel/v1\(number)")) == 0) }
    }
    let clock = ContinuousClock()
    let start = clock.now
    let selection = try RunSelection(
      ["penalty", "mel/*", "penalty/v001", "NOTES.txt", "NOTES.txt", "mel/v*"], in: maker.path, maker.files)
    #expect(selection.skipped.count == 7501 && selection.runs.count == 4)
    #expect(clock.now - start < .seconds(30))
  }

  @Test func `a run elsewhere is called by its path`() throws {
    let other = try RunMaker()
    try other.run("a/v001")
    #expect(try names([other("a")]) == [other("a/v001")])
  }

  @Test func `what nothing goes by is answered with what is like it`() throws {
    for reference in ["mle", "mle*"] {
      let error = try #require(#expect(throws: Diagnostics.self) { try names([reference]) })
      #expect(error.exitCode == .inputNotFound)
      #expect(error.items[0].suggestion == (reference == "mle" ? "mel" : error.items[0].suggestion))
    }
    #expect(throws: FileError.self) { try RunSelection([], in: maker("none"), maker.files) }
  }

  @Test func `damaged, empty, half-written and foreign folders are named`() throws {
    try maker.files.createDirectories(maker("mel/v003"))
    try maker.run("mel/v004")
    try maker.write("{\"id\":", to: "mel/v004/run.json")
    try maker.run("mel/v005")
    try maker.write("seed: [\n", to: "mel/v005/spec.yaml")
    try maker.run("mel/v006")
    try maker.files.remove(maker("mel/v006/spec.yaml"))
    try maker.run("mel/v007")
    try maker.write("iteration", to: "mel/v007/metrics.csv")
    try maker.run("mel/v008", columns: "iteration", rows: ["1", "2"])
    try maker.run("mel/v009", rows: ["10,160,1.5", "20,320,1.25"])
    try maker.write("iteration,images,loss\n10,160,1.5\n20,3", to: "mel/v009/metrics.csv")
    try maker.write("x", to: "mel/notes/x")
    let (runs, skipped) = try maker.read("mel/*", "NOTES.txt")
    #expect(runs.map(\.name) == ["mel/v001", "mel/v002", "mel/v008"])
    let reasons = skipped.map { "\($0.path.dropFirst(maker.path.count + 1)): \($0.reason.replacing(maker.path, with: ""))" }
    #expect(
      reasons == [
        "NOTES.txt: it is not a folder",
        "mel/notes: it has no run.json",
        "mel/v003: it has no run.json",
        "mel/v004: its run.json cannot be used: it is not a manifest of Fadein",
        "mel/v005: cannot use '/mel/v005/spec.yaml': this is not YAML: did not find expected node content",
        "mel/v006: cannot open '/mel/v006/spec.yaml': No such file or directory",
        "mel/v007: cannot use '/mel/v007/metrics.csv': its first 9 bytes hold no header",
        "mel/v009: cannot use '/mel/v009/metrics.csv': its rows end with iteration 10, but the run finished after 20",
      ])
  }

  @Test func `the time of a resumed run is that of all its pieces`() throws {
    try maker.run("a/v001", seconds: [1, 2, 3])
    try maker.run("a/v002", events: [.start, .resume, .finish], seconds: [1, 2, 3, 0.5, 1.5, 0.25])
    try maker.run("a/v003", seconds: [])
    #expect(try maker.read("a/*").runs.map(\.seconds) == [3, 4.75, nil])
  }
}
