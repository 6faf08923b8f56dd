import Basics
import Foundation
import Testing

@testable import Spec
@testable import Training

@Suite struct WatchTests {
  private static let columns = MetricsColumns(terms: [], measured: [.gradientNorm]).names

  private static func random(_ random: inout RandomStream) -> WatchCondition {
    let number = random.below(2) == 0 ? Double(random.below(1000)) - 500 : random.uniform(in: -1e-3...1e-3)
    let comparisons = WatchCondition.Comparison.allCases
    let tests: [WatchCondition.Test] = [
      .isFinite, .isNotFinite, .comparison(comparisons[random.below(comparisons.count)], number),
    ]
    return WatchCondition(
      column: columns[random.below(columns.count)], test: tests[random.below(3)], iterations: 1 + random.below(1000))
  }

  @Test(arguments: 0..<300 as Range<UInt64>) func `a condition written and read again is the same`(seed: UInt64) throws {
    var stream = RandomStream(seed: seed, name: "conditions")
    let condition = Self.random(&stream)
    let text = condition.description
    #expect(try WatchCondition.parse(text).condition == condition, "\(text)")
    let spaced = "  " + text.replacing(" ", with: " \t ") + " "
    #expect(try WatchCondition.parse(spaced).condition == condition, "\(spaced)")
    let schema = try #require(text.wholeMatch(of: try Regex(Self.pattern())), "the schema takes \(text)")
    #expect(schema.range == text.startIndex..<text.endIndex)
  }

  private static func pattern() throws -> String {
    let type = FieldType<WatchCondition>.condition
    guard case .string(let text)? = type.schema.entries.first(where: { $0.key == "pattern" })?.value else {
      throw CocoaError(.coderValueNotFound)
    }
    return text
  }

  @Test(arguments: 0..<300 as Range<UInt64>) func `any text is a condition or a mistake inside of it`(seed: UInt64) throws {
    var stream = RandomStream(seed: seed, name: "texts")
    let pieces = ["loss", ">", "=", "<", "!", "is", "not", "finite", "for", "1", "-2.5", "é", "\t", " ", " ", "nan", "1e999"]
    let text = (0..<stream.below(9)).map { _ in pieces[stream.below(pieces.count)] }.joined()
    do throws(WatchCondition.Mistake) {
      _ = try WatchCondition.parse(text)
    } catch {
      let count = max(1, text.unicodeScalars.count)
      #expect(error.range.lowerBound >= 0 && error.range.upperBound <= count && !error.range.isEmpty, "\(text): \(error)")
    }
  }

  @Test func `blanks around an operator can be left out`() throws {
    #expect(try WatchCondition.parse("alpha>=0.5").condition == WatchCondition.parse("alpha >= 0.5").condition)
  }

  @Test(
    arguments: [
      ("alpha > 0.1", [0.2, .infinity], [0.1, Double(Float(0.1)), 0, .nan]),
      ("alpha >= 0.1", [Double(Float(0.1)), 1], [0.05, .nan, -.infinity]),
      ("alpha < -1", [-2, -.infinity], [-1, .nan]), ("alpha <= -1", [-1, -2], [0, .nan]),
      ("alpha == 0.1", [Double(Float(0.1))], [0.1000001, .nan]), ("alpha != 0.1", [0.2, .nan], [Double(Float(0.1))]),
      ("iteration == 16777217", [16_777_217], [16_777_216]), ("alpha is finite", [0, -1], [.nan, .infinity]),
      ("alpha is not finite", [.nan, -.infinity], [0]),
    ] as [(String, [Double], [Double])])
  func `a condition holds for these values and not for those`(text: String, holding: [Double], failing: [Double]) throws {
    let condition = try WatchCondition.parse(text).condition
    for value in holding { #expect(condition.holds(for: value), "\(text) for \(value)") }
    for value in failing { #expect(!condition.holds(for: value), "\(text) for \(value)") }
  }

  @Test func `a resolved rule says what its action has`() throws {
    let rules =
      "\nwatch: [{when: alpha > 0, do: stop}, {when: alpha > 0, do: roll back}, {when: alpha > 0, do: lower rate, factor: 0.1}]"
    let spec = try read(minimalSpec + rules)
    let actions = [
      Choice(StopAction.self), Choice(RollBackAction.self, .init(factor: 0.5, times: 3)),
      Choice(LowerRateAction.self, .init(factor: 0.1)),
    ]
    #expect(spec.watch.map(\.action) == actions)
    let text = spec.yaml
    #expect(text.contains("- {when: \"alpha > 0\", do: roll back, factor: 0.5, times: 3}\n"), "\(text)")
    #expect(try read(text).watch == spec.watch)
  }

  @Test func `overrides reach rules like any list`() throws {
    let text = minimalSpec + "\nwatch: [{when: alpha > 0, do: stop}]"
    #expect(try read(text, overrides: ["watch.0.when=alpha > 1"]).watch[0].when.description == "alpha > 1")
    let lowered = try read(text, overrides: ["watch.0.do=lower rate", "watch.0.factor=0.25"]).watch[0].action
    #expect(lowered == Choice(LowerRateAction.self, .init(factor: 0.25)))
    #expect(try read(text, overrides: ["~watch.0"]).watch.isEmpty)
    #expect(try read(minimalSpec, overrides: ["watch=[{when: alpha > 0, do: checkpoint}]"]).watch.count == 1)
    let error = try #require(throws: Diagnostics.self) { try read(text, overrides: ["watch.0.when=alpah > 1"]) }
    #expect(error.items.map(\.suggestion) == ["alpha"] && error.items[0].position?.column == 14, "\(error)")
  }

  @Test func `a rule does not stand twice`() throws {
    let rule = "{when: alpha > 0, do: stop}"
    let error = try #require(throws: Diagnostics.self) { try read(minimalSpec + "\nwatch: [\(rule), \(rule)]") }
    #expect(error.items.map(\.message) == ["watch.1 says the same as watch.0"])
  }
}
