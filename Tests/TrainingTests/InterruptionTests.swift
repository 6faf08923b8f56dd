import Basics
import Foundation
import Runs
import Testing

@testable import Spec
@testable import Training

/// A training that is interrupted in the middle of an evaluation.
@Suite struct InterruptionTests {
  /// Up to 16x16, where every metric measures something; evaluations within a fade, at phase ends and at the end.
  private static let changes = [
    "data.resolution=16", "generator.widths=[8, 6, 4]", "discriminator.widths=[8, 6, 4]",
    "schedule.phases=[{resolution: 4, hold: 3}, {resolution: 8, fade: 5}, {resolution: 16, fade: 4, hold: 2}]",
    "data.augment.contrast.factor=[1.0, 2.0]", "optimizer.reset=phase", "loss.discriminator.gradient_penalty.weight=10",
    "record.checkpoints.every=1000",
  ]

  /// Says yes when it is asked for the `last` time.
  private final class Asked {
    private(set) var count = 0
    let last: Int
    init(last: Int) { self.last = last }
    var interruption: Interruption {
      Interruption(reason: { [self] in
        count += 1
        return count >= last ? .interrupted("by the test") : nil
      })
    }
  }

  private func begin(_ runs: TinyRuns, _ asked: Asked, threads: Int) throws -> (run: RunDirectory, outcome: Trainer.Outcome) {
    var training = TrainingRun(runs.spec, threads: threads)
    training.interruption = asked.interruption
    let request = TrainingRun.Request(runs: runs.path + "/runs", source: [], overrides: [], version: "1")
    return try training.begin(request, sink: SilentSink(), until: { _ in nil })
  }

  @Test func `an evaluation is left at once, and the resumed run ends with the bytes of one that was not interrupted`() throws {
    let runs = try TinyRuns(Self.changes)
    let never = Asked(last: .max)
    // Lanes share units as they come and only the first asks: alone it asks at each of them.
    let whole = try begin(runs, never, threads: 1)
    #expect(whole.outcome == .finished && never.count > 1000)
    var stream = RandomStream(seed: 5, name: "test")
    for number in 0..<5 {
      let asked = Asked(last: number == 0 ? 1 : 1 + Int(stream.next() % UInt64(never.count)))
      let (run, outcome) = try begin(runs, asked, threads: 1 + number % 2)
      // Of two lanes the first may have been asked less often.
      guard outcome == .stopped else { continue }
      #expect(asked.count == asked.last)
      #expect(try runs.text(run.events).contains(",interrupt,by the test\n"))
      #expect(try runs.status(run) == .interrupted)
      #expect(try CheckpointStore(run.checkpoints, keep: 2, in: runs.files).iterations().count == 1)
      #expect(try runs.resume(run) == .finished)
      #expect(try runs.differences(whole.run, run) == [], "asked \(asked.last) times")
    }
  }

  @Test func `the run's directory is announced before it is taken`() throws {
    let runs = try TinyRuns()
    var training = TrainingRun(runs.spec, threads: 1)
    var seen: [Bool] = []
    training.interruption.willWrite = { seen.append(FileManager.default.fileExists(atPath: runs.path + "/runs")) }
    let request = TrainingRun.Request(runs: runs.path + "/runs", source: [], overrides: [], version: "1")
    _ = try training.begin(request, sink: SilentSink(), until: { $0 == 2 ? .interrupted("by the test") : nil })
    #expect(seen == [false])
  }
}
