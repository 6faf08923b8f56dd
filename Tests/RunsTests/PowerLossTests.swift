import Basics
import Runs
import Testing

@Suite struct PowerLossTests {
  private static let run = RunDirectory("run")
  private static let directories: Set<String> = ["run", "run/checkpoints", "run/samples"]
  private static let iterations = 9

  /// Trains as little as can be: a row an iteration, a checkpoint every third; continues from the newest checkpoint.
  /// Returns the iteration of the last checkpoint whose saving came back.
  private static func train(_ files: CrashingFileSystem, saved: inout Int) throws {
    try run.sweepTemporaries(files)
    let store = CheckpointStore(run.checkpoints, keep: 1, in: files)
    let newest = try store.newest { _ in }
    let length = try #require(Int(newest?[state: "metrics.csv"] ?? "0"))
    let log = try CSVLog(continuing: run.metrics, columns: ["iteration", "value"], keep: .bytes(length), in: files)
    let first = (newest?.iteration ?? 0) + 1
    guard first <= iterations else { return }
    for iteration in first...iterations {
      try log.append([.integer(iteration), .float(Float(iteration) / 7)])
      guard iteration % 3 == 0 else { continue }
      try log.synchronize()
      let weights = (0..<40).map { Float($0 * iteration) }
      try store.save(
        Checkpoint(
          iteration: iteration, tensors: [NamedTensor("w", shape: [40], weights)], state: ["metrics.csv": String(log.length)]))
      saved = iteration
    }
  }

  private static func result(_ files: CrashingFileSystem) throws -> [[UInt8]] {
    try [run.metrics, run.checkpoint(iterations)].map { try files.contents(of: $0, limit: 1 << 20) }
  }

  @Test(arguments: 0..<4)
  func `power lost at any call, and once more while continuing, changes nothing about the end`(variant: UInt64) throws {
    var none = 0
    let undisturbed = CrashingFileSystem(directories: Self.directories, crashingCall: .max)
    try Self.train(undisturbed, saved: &none)
    let expected = try Self.result(undisturbed)

    var random = RandomStream(seed: variant, name: "power")
    var call = 1
    while true {
      let place = "call \(call), variant \(variant)"
      var saved = 0
      let first = CrashingFileSystem(directories: Self.directories, crashingCall: call)
      try? Self.train(first, saved: &saved)
      guard first.hasCrashed else { break }
      let second = first.afterPowerLoss(&random, crashingCall: 1 + random.below(150))
      try? Self.train(second, saved: &saved)
      let third = second.afterPowerLoss(&random)
      let found = try CheckpointStore(Self.run.checkpoints, keep: 1, in: third).newest { _ in }?.iteration ?? 0
      #expect(found >= saved, "\(place)")
      try Self.train(third, saved: &saved)
      #expect(try Self.result(third) == expected, "\(place)")
      call += 1
    }
    #expect(call > 100)
  }
}
