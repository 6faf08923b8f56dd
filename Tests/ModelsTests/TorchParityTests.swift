import Models
import Spec
import Testing

@Suite struct TorchParityTests {
  /// Float32 through up to 15 layers against float64: each rounds to 6e-8, and a loss averages many of them. Relative, or to 1
  /// where a loss is less: it may be the small difference of two mean scores of that order.
  private static let lossTolerance = 1e-5
  /// A penalty's gradient goes through every layer four times, and roots and quotients of pixel norms enlarge what comes in.
  private static let gradientTolerance = 1e-4
  /// An update's error is Adam's rate times that of the gradient, so far less, relative to the weight: mostly its own rounding.
  private static let weightTolerance = 1e-6

  static let names = [
    "icon-4", "icon-8-fade", "icon-16-fade", "icon-16", "icon-pair-8-fade", "original-4", "original-8-fade", "original-16",
  ]

  @Test(arguments: names)
  func `an iteration has PyTorch's losses, gradients and weights`(name: String) throws {
    let fixture = try TorchFixture(name)
    let results = try fixture.run(lanes: 2)
    var compared = ["loss": 0, "value": 0, "gradient": 0, "after": 0]
    for tensor in fixture.file.names {
      let kind = String(tensor.prefix { $0 != "/" })
      guard let count = compared[kind] else { continue }
      compared[kind] = count + 1
      let found = try #require(results[tensor], "\(tensor)"), expected = try fixture.file.floats(tensor)
      let error = distance(found, expected)
      switch kind {
      case "gradient": #expect(error <= Self.gradientTolerance, "\(tensor)")
      case "after": #expect(error <= Self.weightTolerance, "\(tensor)")
      default: #expect(abs(found[0] - expected[0]) <= Float(Self.lossTolerance) * max(1, abs(expected[0])), "\(tensor)")
      }
    }
    let parameters = NetworkRole.allCases.reduce(0) { $0 + fixture.graph.update(TrainingStep($1)).weights.count }
    #expect(compared == ["loss": 4, "value": 1, "gradient": parameters, "after": parameters])
  }

  @Test(arguments: ["icon-8-fade", "original-16"])
  func `the average moves towards the updated weights`(name: String) throws {
    let fixture = try TorchFixture(name)
    let results = try fixture.run(lanes: 1)
    for parameter in fixture.graph.update(TrainingStep(.generator)).weights {
      let before = try fixture.file.floats("before/generator.\(parameter.name)")
      let after = results["after/generator.\(parameter.name)"]!
      let expected = zip(before, after).map { 0.75 * $0 + 0.25 * $1 }
      #expect(distance(results["average.\(parameter.name)"]!, expected) < 1e-6, "\(parameter.name)")
    }
  }

  @Test func `any number of lanes gives the same bits`() throws {
    let fixture = try TorchFixture("icon-16-fade")
    let one = try fixture.run(lanes: 1)
    #expect(try fixture.run(lanes: 2) == one && fixture.run(lanes: 3) == one)
  }
}
