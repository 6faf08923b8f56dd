import Basics
import Foundation
import Runs
import Spec
import Testing
import Training

@testable import Studies

/// The files of a sweep that came from somebody else.
@Suite struct HostileFilesTests {
  private let folder: Folder
  private let study: Study

  init() throws {
    folder = try Folder()
    let source = try folder.source(
      "parameters: {schedule.phases.2.hold: {values: [2, 5, 9]}}\nobjective: {metric: loss.generator}\n")
    study = try Study.begin(
      source, file: "test.sweep.yaml", trials: try source.plannedTrials(), in: folder("runs"), version: "0")
  }

  private func isRefused(_ path: String, _ text: String, _ read: () throws -> Void) -> Bool {
    do {
      try AtomicFile.write(text, to: path, in: study.files)
      try read()
      return false
    } catch is UnusableFile {
      return true
    } catch {
      Issue.record("\(error)")
      return false
    }
  }

  private func isRefused(index rows: [String]) -> Bool {
    let text = (["prefix,parent,phase,iteration,trials"] + rows).map { $0 + "\n" }.joined()
    return isRefused(study.directory.prefixes + "/index.csv", text) { _ = try PrefixIndex(study.directory, study.files) }
  }

  private static let good = "p0123456789abcdef"

  @Test(arguments: [
    "", ".", "..", "/", "/etc/passwd", "../../../../home/bashrc", "p0123456789abcde", "p0123456789abcdef0", "P0123456789abcdef",
    "p0123456789ABCDEF", "p0123456789abcde/", "p../456789abcdef", "p0123456789abcd\u{e9}", "t0001", "p0123456789abcde\u{1b}",
  ]) func `a name in the index of prefixes that is not a prefix's is refused, as a name and as a parent`(name: String) {
    #expect(isRefused(index: ["\(name),,1,12,1 2 3"]))
    #expect(isRefused(index: ["\(Self.good),\(name.isEmpty ? "p" : name),2,12,1 2 3"]))
  }

  @Test(arguments: [
    "0,12,1 2", "-1,12,1 2", "1,0,1 2", "1,-9223372036854775808,1 2", "9223372036854775807,12,1", "1,9223372036854775807,1",
    "1,12,0", "1,12,-1 2", "1,12,10001", "1,12,1  2", "1,12,x", "1,12,9223372036854775808", "one,12,1",
  ]) func `a number in the index of prefixes that cannot be is refused`(numbers: String) {
    #expect(isRefused(index: ["\(Self.good),,\(numbers)"]))
  }

  @Test func `prefixes that go round in circles are refused, and what the program writes is not`() throws {
    let other = "pfedcba9876543210"
    #expect(isRefused(index: ["\(Self.good),\(Self.good),1,12,1 2"]))
    #expect(isRefused(index: ["\(Self.good),\(other),2,12,1 2", "\(other),,1,4,1 2"]))
    #expect(isRefused(index: ["\(Self.good),,1,4,1 2", "\(other),\(Self.good),1,12,1 2"]))
    #expect(isRefused(index: ["\(Self.good),,1,4,1 2", "\(Self.good),,2,12,1 2"]))
    #expect(!isRefused(index: ["\(Self.good),,1,4,1 2 3", "\(other),\(Self.good),2,12,1 2"]))
    let index = try PrefixIndex(study.source, study.table().trials)
    try AtomicFile.write(index.text, to: study.directory.prefixIndex, in: study.files)
    #expect(try PrefixIndex(study.directory, study.files) == index)
  }

  @Test(arguments: [
    ("finished", "finished,9223372036854775808"), (",1,1,7", ",0,1,7"), (",1,1,7", ",1,0,7"), (",1,1,7", ",1,10001,7"),
    (",0,0,trials", ",9223372036854775807,0,trials"), (",0,0,trials", ",-1,0,trials"), (",0,0,trials", ",0,-1,trials"),
    ("1,waiting", "2,waiting"), ("1,waiting", "-1,waiting"), ("1,waiting", "1,running"),
  ]) func `a row of trials that cannot be is refused`(change: (String, String)) throws {
    let path = study.directory.table
    let rows = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
    let row = change.0 == "finished" ? rows[1].replacing("waiting", with: change.1) : rows[1].replacing(change.0, with: change.1)
    #expect(isRefused(path, ([rows[0], row] + rows[2...]).map { $0 + "\n" }.joined()) { _ = try study.table() })
  }

  @Test(arguments: [
    "0,1,4,4,1.5,continue", "10001,1,4,4,1.5,continue", "1,-1,4,4,1.5,continue", "1,1,9223372036854775807,4,1.5,continue",
    "1,1,4,-4,1.5,continue", "1,1,4,4,x,continue", "1,1,4,4,1.5,go",
  ]) func `a row of rungs that cannot be is refused`(row: String) {
    let text = "trial,phase,resolution,iteration,value,decision\n\(row)\n"
    #expect(isRefused(study.directory.reports, text) { _ = try RungTable(study.directory.reports, study.files) })
  }

  @Test func `commands in a sweep's directory do not get into a job`() throws {
    let kept = try study.files.contents(of: study.directory.sweep, limit: 1 << 20)
    let text = String(decoding: kept, as: UTF8.self) + "slurm: {lines: [touch /tmp/stranger]}\n"
    try AtomicFile.write(text, to: study.directory.sweep, in: study.files)
    #expect(throws: Study.Changed.self) { try Study(study.directory) }
    // A stranger knows how to make a manifest, too.
    var manifest = study.manifest
    manifest.sha256?["sweep.yaml"] = Digest.sha256(text)
    try manifest.write(to: study.directory, study.files)
    let stranger = try Study(study.directory)
    #expect(stranger.sweep.slurm.lines == ["touch /tmp/stranger"])
    let queue = SlurmQueue(pause: { _ in }) { _, _ in ClusterCommand.Outcome(code: 0) }
    let executor = SlurmExecutor(stranger, study.sweep.slurm, program: "/bin/true", workers: 1, retries: 0, queue: queue)
    _ = try executor.submit(emitOnly: true)
    let job = try String(contentsOfFile: study.directory.slurm + "/job.sh", encoding: .utf8)
    #expect(!job.contains("stranger"))
  }

  @Test func `a run in the place of a trial that says something else is not gone on with`() throws {
    let trial = try study.table()[1]
    let spec = try study.source.experiment(of: trial)
    let run = try RunDirectory.take(study.directory.run(trial).path, study.files)
    let runner = TrialRunner(study, threads: 1, version: "0", retries: 0)
    func write(_ changes: [String]) throws {
      let other = try study.source.experiment(study.source.overrides(of: trial) + changes)
      try run.writeSources(spec: other.yaml, source: [], overrides: [], study.files)
      let manifest = Manifest(
        id: "x", name: "tiny", version: 1, seed: spec.seed, iterations: 12, created: .now, threads: 1, fadeinVersion: "0",
        specHash: "")
      try manifest.write(to: run, study.files)
    }
    try write(["optimizer.adam.rate=0.5"])
    #expect(throws: UnusableFile.self) { try runner.resumption(of: run, spec) }
    // Where the images were is not what a trial is.
    try write(["data.folder=/somewhere/else"])
    #expect(try runner.resumption(of: run, spec).imageFolder == folder("icons"))
  }

  /// What somebody has done in the folder of an interrupted beginning: files with their new content. Those of the beginning are as it
  /// left them where they are not named.
  private static let foreign: [[String: String]] = [
    [:], ["v001/notes.txt": "mine"], ["v001/sweep.yaml": "mine"], ["v001/images/00ff.csv": "mine"], ["v001/images/x.csv": "mine"],
    ["v001/prefixes/index.csv": "mine", "v001/trials.csv": "mine"], ["v001/trials/t0001/spec.yaml": "mine"],
    [".sweeps-v001": "mine"],
    [".sweeps-v001": "\(String(repeating: "0", count: 64))  ../../icons/a.png\n"], [".sweeps-v002": "mine"], [".sweeps-v002": ""],
  ]

  @Test(arguments: foreign) func `of an interrupted beginning nothing is removed but what it wrote`(foreign: [String: String])
    throws
  {
    let files = LocalFileSystem()
    func begin() throws -> SweepDirectory {
      try Study.begin(study.source, file: "a", trials: try study.source.plannedTrials(), in: folder("runs"), version: "0").directory
    }
    // As of a process that was killed before it wrote the manifest.
    let note = try ["sweep.yaml", "experiment.yaml", "prefixes/index.csv", "trials.csv"].map {
      "\(try Digest.sha256(file: study.directory.path + "/" + $0, limit: 1 << 20, in: files))  \($0)\n"
    }
    try folder.write(note.joined(), to: "runs/test/.sweeps-v001")
    try files.remove(study.directory.manifest)
    for (name, text) in foreign {
      try files.createDirectories(Path.parent(of: folder("runs/test/" + name)))
      try folder.write(text, to: "runs/test/" + name)
    }
    // Whoever works on a trial shows that the sweep has begun.
    if foreign.keys.allSatisfy({ $0 != ".sweeps-v001" && !$0.contains("trials/") }) { try study.directory.requireUnbegun(files) }
    _ = try begin()
    for (name, text) in foreign where !text.isEmpty { #expect(try folder.text("runs/test/" + name) == text, "\(name)") }
    let leftovers = try files.list(folder("runs/test")).filter { $0.hasPrefix(".sweeps-") }
    #expect(leftovers == foreign.filter { !$0.value.isEmpty && $0.key.hasPrefix(".") }.map(\.key), "\(leftovers)")
  }

  @Test func `the note of a beginning that was killed at its very end is worth nothing once the sweep goes on`() throws {
    let (files, note) = (LocalFileSystem(), folder("runs/test/.sweeps-v001"))
    let text = "\(try Digest.sha256(file: study.directory.sweep, limit: 1 << 20, in: files))  sweep.yaml\n"
    try folder.write(text, to: "runs/test/.sweeps-v001")
    // Whoever works on it shows that it was begun, also if no other command has seen it.
    _ = try study.claim(1)
    try files.remove(study.directory.manifest)
    #expect(throws: MissingManifest.self) { try study.directory.requireUnbegun(files) }
    let begun = try Study.begin(
      study.source, file: "a", trials: try study.source.plannedTrials(), in: folder("runs"), version: "0")
    #expect(begun.directory.id == "test/v002" && FileManager.default.fileExists(atPath: study.directory.sweep))
    try folder.write(text.replacing("sweep.yaml", with: "experiment.yaml"), to: "runs/test/.sweeps-v002")
    _ = try Study.goingOn(begun.directory, with: study.source)
    #expect(try files.status(of: note) == nil && files.status(of: folder("runs/test/.sweeps-v002")) == nil)
  }

  @Test func `who begins a sweep and has lost the lock writes nothing more`() throws {
    let name = RunName("test")!
    try SweepDirectory.exclusively(name, in: folder("runs"), LocalFileSystem()) { files in
      try LocalFileSystem().remove(folder("runs/test/.sweeps"))
      #expect(throws: FileError.self) {
        try Study.begin(
          study.source, file: "a", trials: try study.source.plannedTrials(), in: folder("runs"), version: "0", files)
      }
    }
    #expect(try LocalFileSystem().list(folder("runs/test")) == ["v001"])
  }

  @Test func `a sweep without its manifest and without a note is none that was interrupted`() throws {
    try LocalFileSystem().remove(study.directory.manifest)
    #expect(throws: MissingManifest.self) { try study.directory.requireUnbegun(LocalFileSystem()) }
  }

  @Test func `what an interrupted beginning left is removed, and nothing else is`() throws {
    let (files, runner) = (study.files, TrialRunner(study, threads: 1, version: "0", retries: 0))
    let path = try study.directory.run(study.table()[1]).path
    /// Whether a folder without a manifest that has these files besides is removed; one that is not is left as it was.
    func isRemoved(_ more: [(path: String, text: String)], copied iteration: Int?) throws -> Bool {
      let run = try RunDirectory.take(path, files)
      defer { try? FileManager.default.removeItem(atPath: path) }
      for name in [run.source, run.spec, run.dataset, path + "/.fadein-tmp-1-2-x"] {
        try AtomicFile.write("x", to: name, in: files)
      }
      for (path, text) in more { try AtomicFile.write(text, to: path, in: files) }
      let before = try FileManager.default.subpathsOfDirectory(atPath: path)
      do {
        try runner.clear(run, copied: iteration)
        return try files.status(of: path) == nil
      } catch let missing as MissingManifest {
        #expect(missing.path == run.manifest && missing.exitCode == .badData)
        #expect(try FileManager.default.subpathsOfDirectory(atPath: path) == before)
        return false
      }
    }
    let run = RunDirectory(path)
    let copy = [
      (run.sample(5), "x"), (run.checkpoint(5), "x"), (run.metrics, "iteration,loss\n4,1\n5,1\n"), (run.phases, "phase\n"),
    ]
    let start = (run.events, "time,iteration,event,detail\nnow,5,start,continues\n")
    #expect(try isRemoved([], copied: nil) && isRemoved([], copied: 5) && isRemoved(copy + [start], copied: 5))
    #expect(try isRemoved([(run.metrics, "iteration,loss\n"), (run.events, "time,iteration,event,detail\n")], copied: 5))
    for file in copy + [start] { #expect(try !isRemoved([file], copied: nil), "\(file)") }
    let more = [
      (run.log, "x"), (run.generator, "x"), (path + "/notes.txt", "x"), (run.checkpoint(6), "x"), (run.sample(6), "x"),
      (run.checkpoints + "/mine.safetensors", "x"), (run.metrics, "iteration,loss\n5,1\n6,1\n"),
      (run.events, "time,iteration,event,detail\nnow,5,start,continues\nnow,5,resume,\n"), (run.evaluations, "a,b\n1,2\nx"),
    ]
    for file in more { #expect(try !isRemoved(copy + [file], copied: 5), "\(file)") }
  }

  @Test(arguments: [
    "trials", "trials/t0001", "claims", "claims/t0001", "prefixes", "trials.csv", "images", "slurm", "sweep.yaml", ".table",
  ])
  func `a link in the sweep's directory is neither followed nor written through`(name: String) throws {
    let (path, outside) = (study.directory.path + "/" + name, folder("outside"))
    let isFile = ["trials.csv", "sweep.yaml", ".table", "claims/t0001"].contains(name)
    try LocalFileSystem().createDirectories(outside)
    try folder.write("mine", to: "outside/t0001")
    try folder.write("mine", to: "outside/file")
    try? FileManager.default.removeItem(atPath: path)
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: outside + (isFile ? "/file" : ""))
    let queue = SlurmQueue(pause: { _ in }) { _, _ in ClusterCommand.Outcome(code: 0) }
    _ = try? Study(study.directory).update { $0.trials[0].detail = "x" }
    _ = try? SlurmExecutor(Study(study.directory), study.sweep.slurm, program: "/bin/true", workers: 1, retries: 0, queue: queue)
      .submit(emitOnly: true)
    _ = try? TrialRunner(Study(study.directory), threads: 1, version: "0", retries: 0).clear(
      study.directory.run(study.table()[1]), copied: nil)
    _ = try? Study(study.directory).claim(1)
    #expect(try FileManager.default.contentsOfDirectory(atPath: outside).sorted() == ["file", "t0001"])
    for name in ["file", "t0001"] { #expect(try folder.text("outside/" + name) == "mine") }
  }
}
