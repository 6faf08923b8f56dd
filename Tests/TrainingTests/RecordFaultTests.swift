import Basics
import Foundation
import Runs
import Spec
import Testing

@testable import Training

/// What a training writes, without the training: the CSV files and the checkpoints of a few iterations, begun and continued like
/// a run. It is fast enough to let each single call go wrong.
@Suite struct RecordFaultTests {
  private static let iterations = 9
  private static let columns = Column.first + [.alpha, .loss(.generator), .loss(.generator, "wasserstein")]

  /// Records the iterations after the newest checkpoint, with a checkpoint after every third.
  private static func record(_ run: RunDirectory, _ files: any FileSystem) throws {
    let lock = try RunLock(run, files)
    defer { withExtendedLifetime(lock) {} }
    let store = CheckpointStore(run.checkpoints, keep: 2, in: files)
    let newest = try store.newest { _ in }
    try run.sweepTemporaries(files)
    let lengths = try JSONDecoder().decode([String: Int].self, from: Data((newest?[state: "lengths"] ?? "{}").utf8))
    let logs = try RunLogs(run, metrics: columns, lengths: lengths, in: files)
    let first = (newest?.iteration ?? 0) + 1
    try logs.record(first == 1 ? .start : .resume, iteration: first - 1)
    for iteration in first..<max(first, iterations + 1) {
      var row = MeasuredRow(iteration: iteration, images: iteration, phase: 1, resolution: 4)
      (row[.alpha], row[.loss(.generator)], row[.loss(.generator, "wasserstein")]) = (1, 1 / Float(iteration), .infinity)
      try logs.metrics.append(row.cells)
      try logs.timing.append([
        .iteration: .integer(iteration), .seconds: .double(1), .milliseconds: .double(2), .imagesPerSecond: .double(3),
        .residentMegabytes: .double(4),
      ])
      if iteration == 5 {
        try logs.phases.append([
          .phase: .integer(1), .resolution: .integer(4), .fade: .integer(0), .hold: .integer(5), .firstIteration: .integer(1),
          .lastIteration: .integer(5), .images: .integer(5), .seconds: .double(1),
        ])
      }
      guard iteration % 3 == 0 else { continue }
      let lengths = try logs.synchronize()
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      let json = String(decoding: try encoder.encode(lengths), as: UTF8.self)
      let tensor = NamedTensor("w", shape: [40], (0..<40).map { Float($0 * iteration) })
      try store.save(Checkpoint(iteration: iteration, tensors: [tensor], state: ["lengths": json]))
      try logs.record(.checkpoint, iteration: iteration)
    }
    try logs.record(.finish, iteration: iterations)
  }

  private static func outcome(_ run: RunDirectory, _ files: LocalFileSystem) throws -> [[UInt8]] {
    let newest = try #require(try CheckpointStore(run.checkpoints, keep: 2, in: files).newest { Issue.record("\($0)") })
    let csv = try [run.metrics, run.timing, run.phases].map { try files.contents(of: $0, limit: 1 << 20) }
    return csv + [Array("\(newest.iteration) \(newest[state: "lengths"] ?? "")".utf8)]
  }

  @Test(arguments: DoomedFileSystem.Doom.allCases)
  func `whichever call goes wrong, no checkpoint is lost and the records end the same`(doom: DoomedFileSystem.Doom) throws {
    let (folder, files) = (
      FileManager.default.temporaryDirectory.appending(path: "fadein-faults-\(UUID())").path, LocalFileSystem()
    )
    try files.createDirectories(folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let whole = try RunDirectory.take(folder + "/whole", files)
    try Self.record(whole, files)
    let expected = try Self.outcome(whole, files)
    var random = RandomStream(seed: 2, name: "\(doom)")
    var (call, failures) = (0, 0)
    while true {
      call += 1
      let run = try RunDirectory.take(folder + "/\(call)", files)
      let store = CheckpointStore(run.checkpoints, keep: 2, in: files)
      let first = DoomedFileSystem(doom, at: call)
      if (try? Self.record(run, first)) == nil { failures += 1 }
      guard first.hasStruck else { break }
      let reached = try store.newest { Issue.record("\(doom) at call \(call): \($0)") }?.iteration ?? 0
      #expect(try store.iterations().count >= min(2, reached / 3), "\(doom) at call \(call)")
      try? Self.record(run, DoomedFileSystem(doom, at: 1 + random.below(200)))
      #expect(try store.newest { _ in }?.iteration ?? 0 >= reached, "\(doom) at call \(call)")
      try Self.record(run, files)
      #expect(try Self.outcome(run, files) == expected, "\(doom) at call \(call)")
      try FileManager.default.removeItem(atPath: run.path)
    }
    #expect(call > 140 && failures > 130, "\(call) calls, \(failures) failures")
  }
}
