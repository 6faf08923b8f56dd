import Basics
import Foundation
import Runs
import Testing
import TestSupport

/// Which run a user means by a name.
@Suite struct FindingTests {
  private let files = LocalFileSystem()
  private let folder: TemporaryFolder
  private var runs: String { folder("runs") }

  init() throws { folder = try TemporaryFolder() }

  private func run(_ path: String) throws {
    try files.createDirectories(runs + "/" + path)
    try AtomicFile.write("{}", to: runs + "/\(path)/run.json", in: files)
  }

  private func sweep(_ path: String, trials: Int) throws {
    try files.createDirectories(runs + "/\(path)/trials")
    try AtomicFile.write("x", to: runs + "/\(path)/sweep.yaml", in: files)
    for number in 1..<trials + 1 { try run("\(path)/trials/t000\(number)") }
  }

  private func found(_ text: String) throws -> String {
    String(try RunDirectory.find(text, in: runs, files).path.dropFirst(runs.count + 1))
  }

  @Test func `a name means its newest run, whatever sweeps and empty folders stand beside it`() throws {
    try run("a/v001")
    try run("a/v002")
    try sweep("a/v003", trials: 2)
    try files.createDirectories(runs + "/a/v004")
    try sweep("a/v1000", trials: 1)
    #expect(try found("a") == "a/v002")
    #expect(try found("a/v001") == "a/v001" && found("a/v003/trials/t0002") == "a/v003/trials/t0002")
    #expect(try RunDirectory.find(runs + "/a", in: "nowhere", files).path == runs + "/a/v002")
  }

  @Test func `a sweep that is asked for is refused with the names of its trials`() throws {
    try sweep("b/v001", trials: 3)
    try sweep("b/v002", trials: 1)
    try sweep("c/v001", trials: 0)
    for (text, note) in [
      ("b/v001", "\(runs)/b/v001/trials/t0001 to t0003"), ("b", "\(runs)/b/v002/trials/t0001;"),
      (runs + "/b/v001", "\(runs)/b/v001/trials/t0001 to t0003"), ("c", "it has no trials yet"),
    ] {
      let refusal = try #require(throws: Diagnostics.self) { try RunDirectory.find(text, in: runs, files) }
      #expect(refusal.exitCode == .inputNotFound && refusal.rendered.contains("is a sweep, not a run"), "\(refusal)")
      #expect(refusal.rendered.contains(note), "\(refusal)")
    }
  }

  @Test func `a run that was not begun is found when there is no other`() throws {
    try sweep("d/v002", trials: 1)
    try files.createDirectories(runs + "/d/v001")
    #expect(try found("d") == "d/v001")
    #expect(throws: RunDirectory.Unknown.self) { try found("e") }
  }

  @Test func `what a name stands for is not followed through a link, and a path that is typed is`() throws {
    try run("home/v001")
    let stranger = folder("stranger")
    try files.createDirectories(stranger + "/x")
    try link(stranger + "/x/v001", to: runs + "/home/v001")
    try link(runs + "/l", to: runs + "/home")
    try link(runs + "/home/v000", to: stranger)
    for (text, place) in [
      (stranger + "/x", "nowhere"), (stranger + "/x", runs), ("x", stranger), ("x/v001", stranger), ("l/v001", runs), ("l", runs),
    ] {
      let refusal = try #require(throws: NamedFolder.Link.self) { try RunDirectory.find(text, in: place, files) }
      #expect(refusal.exitCode == .ioError && refusal.path.hasPrefix(folder("")), "\(refusal)")
    }
    for text in [stranger + "/x/v001", runs + "/l/v001", runs + "/l"] {
      #expect(try RunDirectory.find(text, in: runs, files).path.hasSuffix("/v001"))
    }
    // A link beside the newest run is none of its business; a newer one is not passed over in silence.
    try run("home/v002")
    #expect(try found("home") == "home/v002")
    try link(runs + "/home/v003", to: runs + "/home/v001")
    #expect(throws: NamedFolder.Link.self) { try found("home") }
  }

  private func link(_ path: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
  }
}
