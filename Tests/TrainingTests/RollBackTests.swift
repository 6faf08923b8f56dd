import Basics
import Foundation
import Runs
import Testing
import TestSupport

@testable import Training

@Suite struct RollBackTests {
  private struct Result: Equatable {
    let rows: [MeasuredRow]
    let weights: [String: [Float]]
    let watch: WatchState
    let checkpoints: [Int]

    init(_ keeper: Keeper, _ trainer: Trainer) throws {
      (rows, weights, watch) = (keeper.rows, trainer.state.buffers.mapValues(\.values), trainer.state.watch)
      checkpoints = try keeper.store.iterations()
    }
  }

  private func undisturbed() throws -> (result: Result, rollBacks: Int) {
    let folder = try TemporaryFolder()
    let keeper = Keeper(folder.path)
    let trainer = try watchedTrainer(watchedSpec(), keeper)
    #expect(try trainer.train { _ in nil } == .finished)
    return (try Result(keeper, trainer), keeper.rollBacks)
  }

  @Test func `a run rolls back until its rates are low enough`() throws {
    let (result, rollBacks) = try undisturbed()
    // 4e-4 and 2e-4 are too much, 1e-4 is not; the 0.9 of iteration 12 is undone with its iteration, and then done again.
    #expect(rollBacks == 2 && result.watch.rollBacks == ["rate.generator > 0.00015 for 6: roll back": 2])
    #expect(result.watch.rolledBack == 0.25 && result.watch.lowered == 0.9)
    #expect(result.rows.map(\.iteration) == Array(1...24))
    let rates = result.rows.compactMap { $0[.rate(.generator)] }
    #expect(rates[9] == 1e-4 && rates[10] == 1e-4 && rates[11] == 1e-4 && rates[12] == Float(4e-4 * (0.25 * 0.9)))
  }

  @Test func `a run that loses its process anywhere ends as an undisturbed one`() throws {
    let expected = try undisturbed().result
    for calls in 1...33 {
      let folder = try TemporaryFolder()
      let first = Keeper(folder.path, killedAfter: calls)
      #expect(throws: Keeper.Killed.self, "after \(calls)") { try watchedTrainer(watchedSpec(), first).train { _ in nil } }
      let second = Keeper(folder.path)
      second.rows = first.rows
      let trainer = try watchedTrainer(watchedSpec(), second)
      #expect(try trainer.train { _ in nil } == .finished)
      #expect(try Result(second, trainer) == expected, "killed after \(calls) iterations")
    }
  }

  @Test(arguments: [3, 12, 14, 15, 18])
  func `a checkpoint in between does not change where a rollback leads`(iteration: Int) throws {
    let expected = try undisturbed().result
    let folder = try TemporaryFolder()
    let keeper = Keeper(folder.path)
    let first = try watchedTrainer(watchedSpec(), keeper)
    _ = try first.train { $0 == iteration ? .interrupted("interrupted") : nil }
    try keeper.save(first)
    let second = Keeper(folder.path)
    second.rows = keeper.rows
    let trainer = try watchedTrainer(watchedSpec(), second)
    #expect(trainer.state.iteration == iteration)
    #expect(try trainer.train { _ in nil } == .finished)
    let result = try Result(second, trainer)
    #expect(result.rows == expected.rows && result.weights == expected.weights && result.watch == expected.watch)
  }
}
