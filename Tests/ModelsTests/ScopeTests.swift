import Basics
import Graph
import Kernels
import Models
import Spec
import Testing
import Training

/// What a layer asks of its scope, shown by one that keeps a running mean.
@Suite struct ScopeTests {
  /// Takes the mean of what it has seen off its input, channel by channel; it learns a scale.
  private struct RunningMean {
    static let momentum = 0.75

    func callAsFunction(_ x: Tensor, in scope: Scope) throws -> Tensor {
      let channels: Shape = [1, x.shape[1], 1, 1]
      let mean = try scope.statistic("norm1.mean", channels, .constant(0.5))
      let scale = try scope.weight("norm1.scale", channels, .constant(2))
      let seen = try x.mean(to: channels)
      scope.update("norm1.mean", to: try mean.scaled(by: Self.momentum) + seen.scaled(by: 1 - Self.momentum))
      var taken = mean
      if case .training = scope.mode { taken = seen }
      return try (x - taken) * scale
    }
  }

  private func plan(_ mode: Scope.Mode, passes: Int = 1) throws -> (plan: Plan, scope: Scope) {
    let graph = Graph()
    let scope = Scope(graph: graph, network: .generator, mode: mode)
    var result = try graph.add(Input(name: "x", shape: [3, 5, 2, 1]))
    for _ in 0..<passes { result = try RunningMean()(result, in: scope) }
    return (try Plan(outputs: ["y": result], effects: [scope.updates].compactMap { $0 }), scope)
  }

  private func input() -> FloatBuffer { FloatBuffer((0..<30).map { Float($0) / 7 - 1 }) }

  /// The mean of channel `channel` of ``input()``.
  private func mean(_ x: FloatBuffer, channel: Int) -> Double {
    (0..<3).flatMap { image in (0..<2).map { Double(x.base[10 * image + 2 * channel + $0]) } }.reduce(0, +) / 6
  }

  @Test func `a statistic follows what its layer sees, from the end of a step on`() throws {
    let (plan, scope) = try plan(.training)
    #expect(scope.variables.map(\.role) == [.statistic, .weight] && scope.weights.variables.map(\.name) == ["norm1.scale"])
    let state = TrainingState(scope.variables, seed: 1)
    let x = input()
    let executor = Executor(plan, inputs: state.buffers.merging(["x": x]) { $1 }, lanes: Lanes(count: 2))
    var expected = [Double](repeating: 0.5, count: 5)
    for _ in 0..<4 {
      executor.run()
      for channel in expected.indices {
        expected[channel] = RunningMean.momentum * expected[channel] + (1 - RunningMean.momentum) * mean(x, channel: channel)
      }
      let found = state.buffers["generator.norm1.mean"]!.values
      #expect(zip(found, expected).allSatisfy { abs(Double($0) - $1) < 1e-6 })
      #expect(abs(Double(executor.output("y")[0]) - 2 * (Double(x.base[0]) - mean(x, channel: 0))) < 1e-6)
    }
    #expect(state.buffers["generator.norm1.scale"]!.values.allSatisfy { $0 == 2 })
  }

  @Test func `a layer that is used twice in a step updates its statistic twice`() throws {
    let (plan, scope) = try plan(.training, passes: 2)
    #expect(scope.variables.count == 2)
    let state = TrainingState(scope.variables, seed: 1)
    Executor(plan, inputs: state.buffers.merging(["x": input()]) { $1 }, lanes: Lanes(count: 1)).run()
    // The second pass sees images whose mean is zero.
    let once = 0.75 * 0.5 + 0.25 * mean(input(), channel: 3)
    #expect(abs(Double(state.buffers["generator.norm1.mean"]!.values[3]) - 0.75 * once) < 1e-6)
  }

  @Test func `a network that draws uses its statistics and leaves them`() throws {
    let (plan, scope) = try plan(.drawing)
    #expect(scope.updates == nil)
    let state = TrainingState(scope.variables, seed: 1)
    let x = input()
    let executor = Executor(plan, inputs: state.buffers.merging(["x": x]) { $1 }, lanes: Lanes(count: 1))
    executor.run()
    #expect(abs(executor.output("y")[0] - 2 * (x.base[0] - 0.5)) < 1e-6)
    #expect(state.buffers["generator.norm1.mean"]!.values.allSatisfy { $0 == 0.5 })
  }

  @Test func `a statistic is drawn with as it is, a weight with its average`() throws {
    let (_, scope) = try plan(.training)
    let weight = scope.weights.variables[0]
    let state = TrainingState(scope.variables + [weight.beside(.average), weight.beside(.slot("velocity"))], seed: 1)
    state.buffers["average.norm1.scale"]!.base[0] = 9
    state.buffers["velocity.generator.norm1.scale"]!.base[0] = 9
    state.buffers["generator.norm1.mean"]!.base[0] = 7
    #expect(state.averagedGenerator["generator.norm1.scale"]!.values[0] == 9)
    #expect(state.averagedGenerator["generator.norm1.mean"]!.values[0] == 7 && state.averagedGenerator.count == 2)
    #expect(state.generatorTensors.map(\.name) == ["norm1.mean", "norm1.scale"])
    state.resetOptimizers()
    #expect(state.buffers["velocity.generator.norm1.scale"]!.values[0] == 0)
    #expect(state.buffers["average.norm1.scale"]!.values[0] == 9 && state.buffers["generator.norm1.mean"]!.values[0] == 7)
    #expect(state.steps == ["generator.norm1.scale": 0])
  }
}
