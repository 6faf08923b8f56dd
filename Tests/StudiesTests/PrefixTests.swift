import Basics
import Foundation
import Models
import Spec
import Testing
import Training

@testable import Studies

@Suite struct PrefixTests {
  private func index(_ lines: String) throws -> (source: SweepSource, index: PrefixIndex) {
    let source = try Folder().source(lines)
    return (source, try PrefixIndex(source, try source.plannedTrials()))
  }

  @Test func `trials that differ in the last phase share the phases before it`() throws {
    let (_, index) = try index("parameters: {schedule.phases.2.hold: {values: [2, 5, 9]}}\n")
    #expect(index.prefixes.map(\.phase) == [2])
    #expect(index.prefixes[0].iteration == 8 && index.prefixes[0].trials == [1, 2, 3] && index.prefixes[0].parent == nil)
    #expect(index.savedIterations == 16)
  }

  @Test func `prefixes are a tree`() throws {
    let (_, index) = try index(
      "parameters: {schedule.phases.1.hold: {values: [2, 3]}, schedule.phases.2.hold: {values: [2, 5]}}\n")
    #expect(index.prefixes.map(\.phase) == [1, 2, 2])
    #expect(index.prefixes.map(\.trials) == [[1, 2, 3, 4], [1, 2], [3, 4]])
    #expect(index.prefixes[1].parent == index.prefixes[0].name && index.prefixes[2].parent == index.prefixes[0].name)
    // Alone: 12 + 15 + 13 + 16. Shared: 4, then 4 and 5, then 4, 7, 4 and 7.
    #expect(index.savedIterations == 56 - 35)
    #expect(index.prefix(of: Trial(number: 3, point: 3, repeat: 1, seed: 7, values: []))?.iteration == 9)
  }

  @Test func `a rate drop is shared up to the phase in which it begins`() throws {
    let (_, late) = try index("parameters: {optimizer.drops.0.rate: {values: [1e-5, 1e-6]}}\n")
    #expect(late.prefixes.map(\.iteration) == [8])
    let (_, early) = try index(
      "parameters: {optimizer.drops.0.rate: {values: [1e-5, 1e-6]}}\noverrides: [optimizer.drops.0.resolution=8]\n")
    #expect(early.prefixes.map(\.iteration) == [4])
  }

  @Test(arguments: [
    "parameters: {optimizer.adam.rate: {values: [1e-4, 1e-3]}}\n",
    "parameters: {generator.widths: {values: [[8, 6, 4], [8, 6, 5]]}}\n",
    "parameters: {record.metrics: {values: [1, 2]}}\n",
    "parameters: {schedule.phases.0.hold: {values: [1, 2]}}\n",
    "parameters: {schedule.phases.2.hold: {values: [3]}}\nrepeats: 3\n",
    "parameters: {schedule.phases.2.hold: {values: [2, 3]}}\nshare_prefixes: false\n",
  ]) func `what takes effect at once is not shared`(lines: String) throws {
    let (_, index) = try index(lines)
    #expect(index.prefixes.isEmpty && index.savedIterations == 0)
  }
}
