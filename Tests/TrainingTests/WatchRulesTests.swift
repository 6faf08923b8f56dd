import Basics
import Foundation
import Models
import Runs
import Testing

@testable import Spec
@testable import Training

@Suite struct WatchRulesTests {
  private func rule(_ when: String, _ action: Choice) throws -> WatchRuleSpec {
    WatchRuleSpec(when: try WatchCondition.parse(when).condition, action: action)
  }

  private func row(_ iteration: Int, alpha: Float) -> MeasuredRow {
    var row = MeasuredRow(iteration: iteration, images: 0, phase: 1, resolution: 4)
    row[.alpha] = alpha
    return row
  }

  @Test func `the columns of a spec are those of the file`() {
    func terms(_ network: NetworkRole) -> [Choice] {
      LossCatalog.terms[network].choices.filter { ["wasserstein", "gradient_penalty"].contains($0.key) }
    }
    let loss = LossSpec(generator: terms(.generator), discriminator: terms(.discriminator))
    let columns = MetricsColumns(loss)
    #expect(columns.terms.map(\.name).count == 3 && columns.all.filter(columns.terms.contains) == columns.terms)
    #expect(
      CSV.header(columns.names) == """
        iteration,images,phase,resolution,alpha,rate.generator,rate.discriminator,loss.generator,loss.discriminator,\
        loss.generator.wasserstein,loss.discriminator.wasserstein,loss.discriminator.gradient_penalty,\
        score.real,score.fake,gradient_norm

        """)
    var row = row(1, alpha: 1)
    (row[columns.terms[0]], row[columns.terms[2]]) = (1, .nan)
    let texts = row.texts(columns.all)
    #expect(texts["loss.discriminator.gradient_penalty"] == "nan" && texts["loss.discriminator.wasserstein"] == nil)
    #expect(texts.count == 7 && texts["iteration"] == "1" && texts["alpha"] == "1.0")
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func `a rule acts when its condition has held so long, and again only after it failed`(seed: UInt64) throws {
    var random = RandomStream(seed: seed, name: "holding")
    let needed = 1 + random.below(4)
    let holds = (0..<60).map { _ in random.below(4) > 0 }
    let watch = Watch([try rule("alpha > 0 for \(needed)", Choice(LowerRateAction.self, .init(factor: 0.5)))])
    var state = WatchState()
    var expected: [Int] = []
    for (index, value) in holds.enumerated() {
      // Through JSON each time, as a run that is resumed after every iteration.
      state = try JSONDecoder().decode(WatchState.self, from: JSONEncoder().encode(state))
      let firings = watch.ask(row(index + 1, alpha: value ? 1 : 0), &state)
      let streak = holds[...index].reversed().prefix { $0 }.count
      if streak == needed { expected.append(index + 1) }
      #expect(firings.map(\.iteration) == (streak == needed ? [index + 1] : []), "iteration \(index + 1)")
      #expect(firings.allSatisfy { $0.onset == index + 2 - needed && $0.value == 1 })
      #expect(watch.onsets(after: index + 1, state).isEmpty && !watch.awaitsRollBack(state))
    }
    #expect(state.lowered == pow(0.5, Double(expected.count)))
  }

  @Test func `factors survive as they are`() throws {
    var state = WatchState()
    let watch = Watch([
      try rule("alpha > 0", Choice(LowerRateAction.self, .init(factor: 0.3))),
      try rule("alpha > 1", Choice(RollBackAction.self, .init(factor: 0.7))),
    ])
    for iteration in 1...40 { _ = watch.ask(row(iteration, alpha: iteration % 2 == 0 ? 0 : 2), &state) }
    #expect(state.rollBacks == ["alpha > 1: roll back": 3] && state.rateFactor != 0)
    #expect(try JSONDecoder().decode(WatchState.self, from: JSONEncoder().encode(state)) == state)
  }

  @Test func `a rule rolls back so often and then stops`() throws {
    let watch = Watch([
      try rule("alpha is not finite for 2", Choice(RollBackAction.self, .init(factor: 0.5, times: 2))),
      try rule("alpha != 0", Choice(StopAction.self, .init())),
    ])
    var state = WatchState()
    for attempt in 1...3 {
      state.counts = [:]
      #expect(watch.onsets(after: 6, state) == [7])
      let first = watch.ask(row(7, alpha: .nan), &state)
      #expect(first.map(\.decision.step) == [.stop], "the other rule is not held back by one that only counts")
      #expect(watch.awaitsRollBack(state) && watch.onsets(after: 7, state) == [7])
      let second = watch.ask(row(8, alpha: .nan), &state)
      #expect(second.map(\.decision.step) == (attempt <= 2 ? [.rollBack] : [.stop]) && second[0].onset == 7)
      #expect(state.rateFactor == pow(0.5, Double(min(attempt, 2))))
    }
    #expect(state.rollBacks == ["alpha is not finite for 2: roll back": 2])
  }

  @Test func `after a stop or a rollback no further rule acts`() throws {
    let watch = Watch([
      try rule("alpha > 0", Choice(CheckpointAction.self, .init())), try rule("alpha > 0", Choice(RollBackAction.self, .init())),
      try rule("alpha > 0", Choice(LowerRateAction.self, .init())),
      try rule("alpha > 0", Choice(StopAction.self, .init())),
    ])
    var state = WatchState()
    #expect(watch.ask(row(1, alpha: 1), &state).map(\.decision.step) == [.checkpoint, .rollBack])
    #expect(state.lowered == 1 && state.counts.count == 4)
  }
}
