import Basics
import Foundation
import Runs
import Testing

@testable import Spec
@testable import Training

/// A whole run, from its directory to its last event, of whose calls to the file system one goes wrong.
@Suite struct FaultTests {
  private static let changes = [
    "schedule.phases=[{resolution: 4, hold: 3}]", "data.resolution=4", "schedule.batch=2", "optimizer.drops=[]",
    "generator.widths=[2]", "discriminator.widths=[2]", "record.samples.every=2", "record.samples.count=1",
    "record.checkpoints.every=1", "record.checkpoints.keep=2",
  ]

  /// Every so many calls one is tried; with FADEIN_FAULTS=all in the environment each of them, which takes minutes.
  private static let stride = ProcessInfo.processInfo.environment["FADEIN_FAULTS"] == "all" ? 1 : 37

  @Test(arguments: DoomedFileSystem.Doom.allCases)
  func `whichever call goes wrong, and once more while resuming, the end is the same`(doom: DoomedFileSystem.Doom) throws {
    let runs = try TinyRuns(Self.changes, images: 3)
    let whole = try runs.begin()
    var random = RandomStream(seed: 1, name: "\(doom)")
    var call = 1 + random.below(Self.stride)
    var (resumed, struckAgain) = (0, 0)
    while true {
      let place: Comment = "\(doom) at call \(call)"
      let files = DoomedFileSystem(doom, at: call)
      let run = try begin(runs, files, place)
      guard files.hasStruck else { break }
      defer { try? FileManager.default.removeItem(atPath: run.path) }
      call += Self.stride
      guard try runs.files.status(of: run.manifest) != nil else {
        // Nothing was recorded yet, which the user is told.
        let refusal = #expect(throws: Diagnostics.self) { try runs.resume(run) }
        #expect(refusal?.exitCode == .inputNotFound, place)
        continue
      }
      if resumed % 3 == 0 {
        let again = DoomedFileSystem(doom, at: 1 + random.below(150))
        try telling(place) { _ = try runs.resume(run, in: again) }
        if again.hasStruck { struckAgain += 1 }
      }
      try check(run, endsLike: whole, runs, place)
      resumed += 1
    }
    #expect(resumed >= 200 / Self.stride && struckAgain > 0, "\(call), \(resumed), \(struckAgain)")
    if Self.stride == 1 { print("\(doom): \(call - 1) calls, \(resumed) runs resumed, \(struckAgain) of them twice") }
  }

  private func begin(_ runs: TinyRuns, _ files: DoomedFileSystem, _ place: Comment) throws -> RunDirectory {
    let request = TrainingRun.Request(runs: runs.path + "/runs", source: [], overrides: [], version: "1")
    try telling(place) {
      _ = try TrainingRun(runs.spec, threads: 1, in: files).begin(request, sink: SilentSink()) { _ in nil }
    }
    return RunDirectory(runs.path + "/runs/tiny/v002")
  }

  /// Does what may go wrong, but only with words that name a file of the run.
  private func telling(_ place: Comment, _ body: () throws -> Void) throws {
    do {
      try body()
    } catch let error as FileError {
      #expect([.ioError, .cannotCreate].contains(error.exitCode) && error.path.contains("/runs"), place)
    } catch let error as Diagnostics {
      // The only checkpoint could not be read.
      #expect(error.exitCode == .badData && error.rendered.contains(String(cString: strerror(EIO))), place)
    }
  }

  private func check(_ run: RunDirectory, endsLike whole: RunDirectory, _ runs: TinyRuns, _ place: Comment) throws {
    do {
      let outcome = try runs.resume(run)
      #expect(outcome == .finished || outcome == nil, place)
      #expect(try runs.differences(whole, run) == [], place)
      // Not also whether it is locked: a program that another test starts at this moment may still have this one's files open.
      #expect(try RunStatus(recordedIn: run, runs.files) == .finished, place)
      #expect(try Manifest(run, runs.files).finished != nil, place)
      #expect(try runs.everything(run).keys.filter { $0.contains(AtomicFile.mark) } == [], place)
    } catch {
      Issue.record("\(place): \(error)")
    }
  }
}
