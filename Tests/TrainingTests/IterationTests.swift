import Basics
import Foundation
import Graph
import Kernels
import Models
import Testing

@testable import Spec
@testable import Training

/// An experiment whose networks are tiny.
private func tinySpec(seed: Int = 3) throws -> ExperimentSpec {
  let text = """
    version: 2
    name: tiny
    seed: \(seed)
    data: {folder: icons}
    generator: {latent: 5, widths: [6, 4], average: 0.6}
    discriminator: {top: 5, widths: [6, 4]}
    schedule:
      batch: 3
      phases:
        - {resolution: 4, hold: 10}
        - {resolution: 8, fade: 10, hold: 10}
    loss:
      generator: {wasserstein: {}}
      discriminator: {wasserstein: {}, gradient_penalty: {}, drift: {}}
    """
  return try ExperimentSpec.read(text: text, path: "/tmp/tiny.yaml", language: .experiments)
}

/// A state with what trains it at one resolution, on images that are the same for every instance.
private struct Trainee {
  let spec: ExperimentSpec
  let state: TrainingState
  private let lanes: Lanes

  init(_ spec: ExperimentSpec, lanes: Int = 1) { (self.spec, state, self.lanes) = (spec, TrainingState(spec), Lanes(count: lanes)) }

  func iteration(level: Int, fading: Bool) throws -> Iteration {
    let graph = TrainingGraph(spec, level: level, batch: spec.schedule.batch, fading: fading)
    let iteration = try Iteration(graph, state, lanes: lanes)
    var stream = RandomStream(seed: 1, name: "real")
    for i in 0..<iteration.real.count { iteration.real.base[i] = Float(stream.uniform()) }
    return iteration
  }

  /// All of the state.
  var values: [String: [Float]] { state.buffers.mapValues(\.values) }

  func values(_ prefix: String) -> [String: [Float]] { values.filter { $0.key.hasPrefix(prefix) } }
}

@Suite struct IterationTests {
  private let settings = Iteration.Settings(alpha: 0.5, generatorRate: 1e-3, discriminatorRate: 2e-3)

  @Test func `the average follows the weights slower and slower`() throws {
    let trainee = Trainee(try tinySpec())
    let iteration = try trainee.iteration(level: 1, fading: true)
    // min(1 - 1 / (t + 1), 0.6) for t = 1 ... 4
    for decay: Float in [1 / 2, 0.6, 0.6, 0.6] {
      let before = trainee.values("average.")
      iteration.run(settings)
      for (name, average) in trainee.values("average.") {
        let weights = trainee.values[name.replacing("average.", with: "generator.")]!
        let expected = zip(before[name]!, weights).map { decay * $0 + (1 - decay) * $1 }
        #expect(zip(average, expected).allSatisfy { abs($0 - $1) < 1e-6 }, "\(name)")
      }
    }
    #expect(trainee.state.iteration == 4)
  }

  @Test func `a layer that joins later begins its own count`() throws {
    let trainee = Trainee(try tinySpec())
    let first = try trainee.iteration(level: 0, fading: false)
    let untouched = trainee.values
    for _ in 0..<2 { first.run(settings) }
    for (name, values) in trainee.values where name.contains("blocks.1") || name.contains("rgb.1") {
      #expect(values == untouched[name]!, "\(name) is not part of 4x4")
    }
    let second = try trainee.iteration(level: 1, fading: true)
    second.run(settings)
    func counts(_ part: String) -> Set<Int> { Set(trainee.state.steps.filter { $0.key.contains(part) }.map(\.value)) }
    #expect(counts("blocks.0.") == [3] && counts("head") == [3] && counts("rgb.0") == [3])
    #expect(counts("blocks.1.") == [1] && counts("rgb.1") == [1])
    // A first step without momentum has the rate's size whatever the gradient: g / sqrt(g^2).
    let moved = zip(trainee.values["generator.blocks.1.conv2.weight"]!, untouched["generator.blocks.1.conv2.weight"]!).map {
      abs($0 - $1)
    }
    #expect(moved.allSatisfy { $0 < 1.001e-3 } && moved.filter { $0 > 0.99e-3 }.count > moved.count * 9 / 10)
    let third = try trainee.iteration(level: 1, fading: false)
    third.run(settings)
    #expect(counts("blocks.1.") == [2] && counts("rgb.1") == [2] && counts("rgb.0") == [3], "the fading layer is out")
  }

  @Test(arguments: ScheduleSpec.Order.allCases)
  func `the second update sees what the first has changed`(order: ScheduleSpec.Order) throws {
    var spec = try tinySpec()
    spec.schedule.order = order
    func run(generatorRate: Double, discriminatorRate: Double) throws -> (
      order: [NetworkRole], fake: Float, loss: Float
    ) {
      let iteration = try Trainee(spec).iteration(level: 0, fading: false)
      var (order, fake, loss): ([NetworkRole], Float, Float) = ([], 0, 0)
      iteration.run(
        Iteration.Settings(alpha: 1, generatorRate: generatorRate, discriminatorRate: discriminatorRate),
        measure: {
          step, executor in
          order.append(step.network)
          if step.network == .generator {
            loss = executor.output("loss.generator")[0]
          } else {
            fake = executor.output("score.fake")[0]
          }
        })
      return (order, fake, loss)
    }
    let (still, moved) = (try run(generatorRate: 0, discriminatorRate: 0), try run(generatorRate: 0.1, discriminatorRate: 0.1))
    let generatorFirst = order == .generatorFirst
    #expect(still.order == (generatorFirst ? [.generator, .discriminator] : [.discriminator, .generator]))
    // The first network's measurements are those of the old weights of both.
    #expect((still.loss == moved.loss) == generatorFirst)
    #expect((still.fake == moved.fake) == !generatorFirst)
  }

  @Test func `three iterations on any number of lanes give the same bits`() throws {
    func run(lanes: Int, seed: Int = 3) throws -> [String: [Float]] {
      let trainee = Trainee(try tinySpec(seed: seed), lanes: lanes)
      let iteration = try trainee.iteration(level: 1, fading: true)
      for _ in 0..<3 { iteration.run(settings) }
      return trainee.values
    }
    let one = try run(lanes: 1)
    #expect(one.values.allSatisfy { $0.allSatisfy(\.isFinite) })
    #expect(try run(lanes: 1) == one && run(lanes: 2) == one && run(lanes: 3) == one)
    #expect(try run(lanes: 1, seed: 4) != one)
  }

  @Test func `a reset forgets moments and counts but no weights`() throws {
    var spec = try tinySpec()
    spec.optimizer.networks.generator = Choice(Adam.self, .init(beta1: 0.5))
    let trainee = Trainee(spec)
    try trainee.iteration(level: 1, fading: true).run(settings)
    let before = trainee.values
    #expect(before["moment1.generator.to_rgb.1.bias"]!.contains { $0 != 0 } && before["moment1.discriminator.head.bias"] == nil)
    trainee.state.resetOptimizers()
    for (name, values) in trainee.values {
      #expect(name.hasPrefix("moment") ? values.allSatisfy { $0 == 0 } : values == before[name]!, "\(name)")
    }
    #expect(trainee.state.steps.values.allSatisfy { $0 == 0 } && trainee.state.iteration == 1)
  }

  @Test func `every iteration draws new numbers from its streams`() throws {
    let trainee = Trainee(try tinySpec())
    let iteration = try trainee.iteration(level: 0, fading: false)
    var seen: Set<[Float]> = []
    for count in 1...3 {
      iteration.run(settings)
      for input in iteration.graph.steps.flatMap(iteration.inputs) where input.name != "real" {
        #expect(seen.insert(input.values).inserted, "\(input.name)")
      }
      // 3 x 5 x 16 normals, four a block; three mixes, one a block.
      #expect(trainee.state.generatorLatents.position == UInt64(60 * count) && trainee.state.mixes.position == UInt64(3 * count))
    }
  }

  @Test func `a fade that has ended is the resolution itself`() throws {
    let (fading, ended) = (Trainee(try tinySpec()), Trainee(try tinySpec()))
    let done = Iteration.Settings(alpha: 1, generatorRate: 1e-3, discriminatorRate: 1e-3)
    var losses: [Float] = []
    for iteration in [try fading.iteration(level: 1, fading: true), try ended.iteration(level: 1, fading: false)] {
      iteration.run(done, measure: { step, executor in losses.append(executor.output("loss.\(step.network)")[0]) })
    }
    #expect(abs(losses[0] - losses[2]) < 1e-5 && abs(losses[1] - losses[3]) < 1e-4 * abs(losses[1]))
  }
}
