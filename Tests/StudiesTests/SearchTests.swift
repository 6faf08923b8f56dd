import Basics
import Foundation
import Spec
import Testing

@testable import Studies

@Suite struct SearchTests {
  private let space = [
    ParameterSpec(paths: ["a"], space: .choices([["1"], ["10"], ["100"]])), ParameterSpec(paths: ["b"], space: .integers(-1...2)),
    ParameterSpec(paths: ["c", "d"], space: .choices([["x", "1"], ["y", "2"]])),
  ]

  @Test func `a grid has every combination exactly once`() {
    let grid = GridSearch(.init(), space)
    let points = (1...grid.count).map { grid.point($0, after: []) }
    #expect(grid.count == 3 * 4 * 2)
    #expect(Set(points).count == grid.count)
    #expect(points[0].coordinates == [0, -1, 0] && points[1].coordinates == [0, -1, 1] && points[23].coordinates == [2, 2, 1])
  }

  @Test func `random points depend on nothing but seed and number`() {
    let ranges =
      space + [
        ParameterSpec(paths: ["e"], space: .uniform(-2 ... -1)), ParameterSpec(paths: ["f"], space: .logUniform(1e-5...1e-2)),
      ]
    func points(_ trials: Int, seed: Int) -> [Point] {
      let search = RandomSearch(.init(trials: trials, seed: UInt64(seed)), ranges)
      return (1...search.count).map { search.point($0, after: []) }
    }
    let many = points(400, seed: 1)
    #expect(Array(many.prefix(50)) == points(50, seed: 1))
    #expect(Set(many).isDisjoint(with: points(400, seed: 2)))
    #expect(many.allSatisfy { (-2 ... -1).contains($0.coordinates[3]) && (1e-5...1e-2).contains($0.coordinates[4]) })
    #expect(Set(many.map { $0.coordinates[0] }) == [0, 1, 2] && Set(many.map { $0.coordinates[1] }) == [-1, 0, 1, 2])
    // A third of a logarithmic range lies in each decade: 133 of 400, give or take four standard deviations.
    let low = many.count { $0.coordinates[4] < 1e-4 }
    #expect((95...171).contains(low), "\(low)")
  }

  @Test func `values survive the way through a table`() throws {
    let folder = try Folder()
    let source = try folder.source(
      """
      parameters:
        optimizer.adam.rate: {log_uniform: [1e-5, 1e-2]}
        optimizer.adam.beta1: {uniform: [-0, 0.9]}
        generator.layers.leaky_relu.slope: {values: [0.1, 2e-1, 0]}
        discriminator.layers.convolution.border: {choices: [reflect, zeros]}
        zip:
          generator.widths: [[8, 6, 4], [4, 4, 4]]
          discriminator.widths: [[8, 6, 4], [4, 4, 4]]
      search: {random: {trials: 40}}
      """)
    var table = TrialTable(paths: source.sweep.paths)
    table.trials = try source.plannedTrials()
    table.trials[3].detail = "=cmd, \"quoted\""
    table.trials[4].objective = -.infinity
    let (path, files) = (folder("trials.csv"), LocalFileSystem())
    try table.write(to: path, files)
    let read = try TrialTable(path, paths: source.sweep.paths, files)
    for (trial, back) in zip(table.trials, read.trials) {
      let point = try #require(source.sweep.point(of: back.values))
      #expect(source.sweep.values(of: point) == trial.values)
      #expect(trial.detail == back.detail && trial.objective == back.objective && trial.seed == back.seed)
    }
    #expect(read.trials.count == 40)
    try folder.write(folder.text("trials.csv").replacing("\n3,waiting", with: "\n4,waiting"), to: "trials.csv")
    #expect(throws: UnusableFile.self) { try TrialTable(path, paths: source.sweep.paths, files) }
  }
}
