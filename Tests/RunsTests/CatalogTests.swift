import Basics
import Foundation
import Testing
import TestSupport

@testable import Runs

@Suite struct CatalogTests {
  let files = LocalFileSystem()

  private static func manifest(_ name: String, _ version: Int) -> Manifest {
    Manifest(
      id: "\(name)/v\(version)", name: name, version: version, seed: 3, iterations: 100, created: Timestamp(milliseconds: 0),
      threads: 2, fadeinVersion: "0.1.0", specHash: "abc")
  }

  private func makeRun(_ name: String, in runs: String, _ events: [RunEvent]) throws -> RunDirectory {
    let runName = try #require(RunName(name))
    let (run, version) = try RunDirectory.take(runName, in: runs, files)
    try Self.manifest(name, version.number).write(to: run, files)
    let log = try EventsCSV(run.events, keep: .wholeLines, in: files)
    for event in events { try log.append(EventRow(event, iteration: 1, detail: "a, \"b\"\nc", time: .now)) }
    return run
  }

  @Test
  func `the manifest is this text, and reads back as itself`() throws {
    let folder = try TemporaryFolder()
    var manifest = Self.manifest("mel", 1)
    (manifest.host, manifest.cpu, manifest.gitCommit, manifest.gitDirty) = ("here", "A/B", "f00", true)
    let run = RunDirectory(folder.path)
    try manifest.write(to: run, files)
    #expect(try Manifest(run, files) == manifest)
    #expect(
      manifest.text == """
        {
          "cpu" : "A/B",
          "created" : "1970-01-01T00:00:00.000Z",
          "dataset_hash" : null,
          "fadein_commit" : null,
          "fadein_modified" : null,
          "fadein_version" : "0.1.0",
          "finished" : null,
          "format_version" : 1,
          "from" : null,
          "git_commit" : "f00",
          "git_dirty" : true,
          "host" : "here",
          "id" : "mel/v1",
          "iterations" : 100,
          "label" : null,
          "name" : "mel",
          "seed" : 3,
          "spec_hash" : "abc",
          "sweep" : null,
          "threads" : 2,
          "trial" : null,
          "version" : 1
        }

        """)
  }

  @Test
  func `a manifest from a newer Fadein, or none at all, is refused in words`() throws {
    let folder = try TemporaryFolder()
    let run = RunDirectory(folder.path)
    var manifest = Self.manifest("mel", 1)
    manifest.formatVersion = 2
    try manifest.write(to: run, files)
    let newer = #expect(throws: UnusableFile.self) { try Manifest(run, files) }
    #expect(newer?.description.contains("format 2, from a newer Fadein") == true)
    for text in ["", "{}", "[]", "{\"id\":", String(repeating: "[", count: 10_000)] {
      try AtomicFile.write(text, to: run.manifest, in: files)
      #expect(throws: UnusableFile.self) { try Manifest(run, files) }
    }
  }

  @Test(
    arguments: [
      ([], false, RunStatus.interrupted),
      ([.start, .checkpoint], false, .interrupted),
      ([.start, .interrupt], false, .interrupted),
      ([.start, .watch, .stop], false, .stopped),
      ([.start, .fail], false, .failed),
      ([.start, .finish], true, .finished),
      ([.start, .finish], false, .interrupted),
      ([.start, .stop, .resume], false, .interrupted),
      ([.start, .finish, .resume], true, .interrupted),
    ] as [([RunEvent], Bool, RunStatus)])
  func `status follows from the last event and the generator`(events: [RunEvent], hasGenerator: Bool, status: RunStatus) throws {
    let folder = try TemporaryFolder()
    let run = try makeRun("a", in: folder.path, events)
    if hasGenerator { try AtomicFile.write("x", to: run.generator, in: files) }
    #expect(try RunStatus(of: run, files) == status)
    let lock = try RunLock(run, files)
    #expect(try RunStatus(of: run, files) == .running)
    withExtendedLifetime(lock) {}
  }

  @Test
  func `a summary tells phase, resolution, progress and the last metrics`() throws {
    let folder = try TemporaryFolder()
    let run = try makeRun("a", in: folder.path, [.start])
    let loss = Column("loss.generator")
    let metrics = try ColumnLog(
      run.metrics, Column.first + [loss, Column("loss.discriminator")], keep: .bytes(0), in: files)
    #expect(try RunSummary(run, files).progress == 0)
    for iteration in [10, 20, 30] {
      var row = MeasuredRow(iteration: iteration, images: 0, phase: 2, resolution: 8)
      row[loss] = Float(iteration)
      try metrics.append(row.cells)
    }
    try AtomicFile.write(files.contents(of: run.metrics, limit: 9999) + Array("40,torn".utf8), to: run.metrics, in: files)
    let summary = try RunSummary(run, files)
    #expect((summary.iteration, summary.progress, summary.phase, summary.resolution) == (30, 0.3, 2, 8))
    #expect(summary.metrics?["loss.generator"] == "30.0")
    #expect(summary.metrics?["loss.discriminator"] == "")
    #expect(summary.metrics?["nothing"] == nil)
  }

  @Test
  func `runs are listed by name and version; damaged and foreign folders are named and passed over`() throws {
    let folder = try TemporaryFolder()
    let runs = folder("runs")
    for name in ["b", "a", "a"] { _ = try makeRun(name, in: runs, [.start]) }
    try files.createDirectories(runs + "/a/v1000")
    try files.createDirectories(runs + "/a/notes")
    try files.createDirectories(runs + "/bad name")
    try files.createDirectories(runs + "/.git")
    try files.createDirectories(runs + "/c/v001/run.json")
    try AtomicFile.write("{", to: runs + "/b/v001/metrics.csv", in: files)
    let damaged = try makeRun("d", in: runs, [])
    try AtomicFile.write("{}", to: damaged.manifest, in: files)
    try AtomicFile.write("x", to: runs + "/README.md", in: files)
    let sweep = runs + "/study/v001"
    try files.createDirectories(sweep + "/trials")
    try AtomicFile.write("x", to: sweep + "/sweep.yaml", in: files)
    let trial = try RunDirectory.take(sweep + "/trials/t0001", files)
    try Self.manifest("study", 1).write(to: trial, files)

    let catalog = try RunCatalog(runs, files)
    #expect(
      catalog.runs.map { $0.directory.path.dropFirst(runs.count + 1) } == ["a/v001", "a/v002", "b/v001", "study/v001/trials/t0001"])
    #expect(
      catalog.skipped.map { $0.path.dropFirst(runs.count + 1) } == ["a/notes", "a/v1000", "bad name", "c/v001", "d/v001"])
  }

  @Test
  func `a catalog of no folder is an error, of an empty one is empty`() throws {
    let folder = try TemporaryFolder()
    #expect(throws: FileError(.list, folder("none"), errno: ENOENT)) { try RunCatalog(folder("none"), files) }
    #expect(try RunCatalog(folder.path, files).runs.isEmpty)
  }

  @Test
  func `a checkout knows its commit, another folder has none`() throws {
    let folder = try TemporaryFolder()
    #expect(GitState(folder: folder.path) == nil)
    #expect(GitState(folder: folder("none")) == nil)
  }

  @Test func `what has far more keys than ours is not read quickly`() throws {
    let keys = (0..<100).map { "\"k\($0)\":1" }.joined(separator: ",")
    #expect(throws: JSONText.Mistake.self) { try PlainObject(Array("{\(keys)}".utf8)) }
  }
}
