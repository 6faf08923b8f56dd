import Basics
import Runs
import Testing
import TestSupport

@Suite struct CheckpointRetentionTests {
  private func surplus(_ retention: CheckpointRetention, _ iterations: [Int], _ notes: [Int: CheckpointNotes] = [:]) -> [Int] {
    retention.surplus(of: iterations) { notes[$0] }
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `whatever else is asked for, the newest stay, and nothing goes that was to stay`(seed: UInt64) {
    var random = RandomStream(seed: seed, name: "retention")
    let iterations = Set((0..<1 + random.below(12)).map { _ in random.below(40) }).sorted()
    var retention = CheckpointRetention(newest: 1 + random.below(3))
    retention.every = 1 + random.below(6)
    retention.always = Set((0..<random.below(3)).map { _ in random.below(40) })
    retention.onsets = (0..<random.below(3)).map { _ in random.below(41) }
    if random.below(2) == 0 { retention.best = .init(column: "alpha", isLowest: random.below(2) == 0) }
    let notes = Dictionary(
      uniqueKeysWithValues: iterations.map { iteration in
        let cause = random.below(4) == 0 ? CheckpointNotes.Cause.rule : nil
        return (iteration, CheckpointNotes(metrics: ["alpha": "\(random.below(5))"], cause: cause))
      })
    let gone = surplus(retention, iterations, notes)
    let left = iterations.filter { !gone.contains($0) }
    #expect(Set(gone).isSubset(of: iterations) && left.suffix(retention.newest) == iterations.suffix(retention.newest))
    #expect(gone.allSatisfy { !retention.always.contains($0) })
    for onset in retention.onsets {
      let regular = { CheckpointRetention.regular(before: onset, every: retention.every, among: $0) }
      #expect(regular(left) == regular(iterations), "a roll back before \(onset) finds the same one")
    }
    if let best = retention.best {
      let values = { (iterations: [Int]) in iterations.map { notes[$0]!.value("alpha")! * (best.isLowest ? 1 : -1) }.min() }
      #expect(values(left) == values(iterations))
    }
    let byRule = { (iterations: [Int]) in iterations.filter { notes[$0]!.cause == .rule }.suffix(retention.newest) }
    #expect(byRule(left) == byRule(iterations))
    // What is left, asked again, stays.
    #expect(surplus(retention, left, notes).isEmpty)
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `those of interruptions change nothing about the others, and go with time`(seed: UInt64) {
    var random = RandomStream(seed: seed, name: "interruptions")
    var retention = CheckpointRetention(newest: 2 + random.below(2))
    retention.every = 5
    if random.below(2) == 0 { retention.best = .init(column: "alpha", isLowest: true) }
    if random.below(2) == 0 { retention.always = [10, 25] }
    var (kept, undisturbed, notes): ([Int], [Int], [Int: CheckpointNotes]) = ([], [], [:])
    for iteration in 1...42 {
      let isPlanned = iteration % 5 == 0 || iteration == 42
      guard isPlanned || random.below(8) == 0 else { continue }
      // The one of an interruption would be the best.
      let cause = isPlanned ? (random.below(6) == 0 ? CheckpointNotes.Cause.rule : nil) : .stop
      notes[iteration] = CheckpointNotes(metrics: ["alpha": isPlanned ? "\(1 + random.below(5))" : "0"], cause: cause)
      retention.onsets = random.below(2) == 0 ? [max(1, iteration - random.below(6))] : []
      retention.isFinished = iteration == 42
      func step(_ iterations: inout [Int]) {
        iterations.append(iteration)
        let gone = surplus(retention, iterations, notes)
        iterations.removeAll { gone.contains($0) }
      }
      step(&kept)
      #expect(kept.last == iteration && kept.count >= min(retention.newest, notes.count) || retention.isFinished)
      guard isPlanned else { continue }
      step(&undisturbed)
      #expect(kept.filter { notes[$0]?.cause != .stop } == undisturbed, "iteration \(iteration)")
    }
    #expect(kept == undisturbed)
  }

  @Test func `without more to say the newest stay`() {
    #expect(surplus(CheckpointRetention(newest: 2), [1, 2, 3, 4]) == [1, 2])
  }

  @Test func `what was not measured or is no number is never the best; of equals the first is`() {
    var retention = CheckpointRetention(newest: 1)
    retention.best = .init(column: "x", isLowest: true)
    let values = ["nan", "3", "1", "1", "", "2"]
    let notes = Dictionary(uniqueKeysWithValues: values.enumerated().map { ($0, CheckpointNotes(metrics: ["x": $1])) })
    #expect(surplus(retention, [0, 1, 2, 3, 4, 5, 6], notes) == [0, 1, 3, 4, 5])
    retention.best = .init(column: "x", isLowest: false)
    #expect(surplus(retention, [0, 1, 2, 3, 4, 5, 6], notes) == [0, 2, 3, 4, 5])
  }

  @Test func `what stays is told from the files alone`() throws {
    let (files, folder) = (LocalFileSystem(), try TemporaryFolder())
    var retention = CheckpointRetention(newest: 1)
    retention.best = .init(column: "x", isLowest: true)
    for (iteration, value) in [(5, "2"), (10, "1.5"), (15, "3"), (20, "1.75")] {
      // A store for each: nothing is remembered from one to the next.
      let store = CheckpointStore(folder.path, keep: 1, in: files)
      let notes = CheckpointNotes(metrics: ["x": value], cause: iteration == 5 ? .rule : nil)
      try store.save(
        Checkpoint(iteration: iteration, tensors: [NamedTensor("w", shape: [1], [Float(1)])], state: notes.metadata), retention)
      #expect(CheckpointNotes(metadata: try store.open(iteration).file.metadata) == notes)
    }
    let store = CheckpointStore(folder.path, keep: 1, in: files)
    #expect(try store.iterations() == [5, 10, 20])
    try store.removeAll(after: 10)
    #expect(try store.iterations() == [5, 10])
  }
}
