import Basics
import Foundation
import Spec
import Testing

@testable import Studies

@Suite struct StopperTests {
  /// Worked by hand for one trial in 4: n trials have come, the new one included; the best max(n / 4, 1) go on. The rank counts
  /// better ones.
  static let asha: [(value: Double, goesOn: Bool)] = [
    (5.0, true),  // n 1, 1 goes on, rank 0
    (6.0, false),  // n 2, 1, rank 1
    (4.0, true),  // n 3, 1, rank 0
    (4.0, true),  // n 4, 1, rank 0: as good as the best
    (4.5, false),  // n 5, 1, rank 2
    (.nan, false),  // n 6, 1, rank 5
    (3.9, true),  // n 7, 1, rank 0
    (3.95, true),  // n 8, 2, rank 1
    (3.97, false),  // n 9, 2, rank 2
    (9.0, false),  // n 10
    (3.0, true),  // n 11, 2, rank 0
    (3.92, true),  // n 12, 3, rank 2: better are 3.9 and 3.0
  ]

  @Test func `ASHA decides as worked out by hand`() {
    let rule = ASHA(.init(reduction: 4))
    var reports: [RungReport] = []
    var decisions: [Bool] = []
    for (value, _) in Self.asha {
      decisions.append(rule.goesOn(value, after: reports))
      reports.append(RungReport(value))
    }
    #expect(decisions == Self.asha.map(\.goesOn))
  }

  @Test func `the median rule waits for finished trials and stops what is worse than their median`() {
    let rule = MedianRule(.init(startup: 3))
    let two = [1.0, 2].map { RungReport($0, isFinished: true) } + [RungReport(0)]
    #expect(rule.goesOn(100, after: two))
    let four = [1.0, 2, 4, 8].map { RungReport($0, isFinished: true) } + [RungReport(-5)]
    #expect(rule.goesOn(3, after: four) && !rule.goesOn(3.01, after: four) && !rule.goesOn(.nan, after: four))
  }

  @Test func `a table of rungs is read as it was written`() throws {
    let folder = try Folder()
    var table = RungTable()
    table.append(RungTable.Row(trial: 3, phase: 1, resolution: 4, iteration: 7, value: -.infinity, goesOn: true))
    table.append(RungTable.Row(trial: 2, phase: 1, resolution: 4, iteration: 7, value: 0.1, goesOn: false))
    try table.write(to: folder("rungs.csv"), LocalFileSystem())
    #expect(try RungTable(folder("rungs.csv"), LocalFileSystem()) == table)
    #expect(table.decision(trial: 2, resolution: 4)?.goesOn == false && table.decision(trial: 2, resolution: 8) == nil)
    #expect(try RungTable(folder("nothing.csv"), LocalFileSystem()).rows.isEmpty)
  }
}
