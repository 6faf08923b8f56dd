import Basics
import Testing

@testable import Comparison

@Suite struct FilterTests {
  let columns: ColumnIndex

  init() throws {
    let maker = try RunMaker()
    try maker.run("a/v001", spec: "optimizer: {adam: {rate: 0.001}, reset: never}", columns: "iteration,loss.generator,swd_mean")
    columns = ColumnIndex(try maker.read().runs)
  }

  private let rate = ColumnName.setting("optimizer.adam.rate")
  private let reset = ColumnName.setting("optimizer.reset")
  private let loss = ColumnName.metric("loss.generator")
  private let distance = ColumnName.metric("swd_mean")

  private func holds(_ text: String, _ cells: [ColumnName: Cell]) throws -> Bool {
    try Filter(text, columns: columns).holds { cells[$0] ?? .empty }
  }

  @Test(arguments: [
    ("params.optimizer.adam.rate < 1e-3", true), ("params.optimizer.adam.rate <= 5e-4", true),
    ("params.optimizer.adam.rate == 0.0005", true), ("1e-3 > optimizer.adam.rate", true),
    ("params.optimizer.adam.rate < 1e-3 and metrics.loss.generator < -1", true), ("loss.generator != -2", false),
    ("optimizer.reset == 'never'", true), ("optimizer.reset == \"never\" or loss.generator > 0", true),
    ("optimizer.reset in ('phase', 'never')", true), ("optimizer.reset not in ('phase', 'never')", false),
    ("params.optimizer.adam.rate in (1, 0.0005)", true), ("optimizer.reset == 3", false), ("optimizer.reset != 3", true),
    ("swd_mean < 1", false), ("swd_mean != 1", false), ("swd_mean not in (1)", false), ("not swd_mean < 1", true),
    ("not (optimizer.reset == 'never' and loss.generator < 0)", false), ("label == 'x'", false), ("label == ''", false),
    ("loss.generator < 0 or loss.generator > 0 and swd_mean > 0", true),
    ("(loss.generator < 0 or loss.generator > 0) and swd_mean > 0", false),
    ("not loss.generator > 0 and not swd_mean > 0", true), ("status=='finished'and run>='a'", true),
    ("swd_mean < loss.generator", false), ("optimizer.adam.rate > loss.generator", true), ("run < \n 'b'", true),
  ])
  func `conditions hold for`(text: String, isHeld: Bool) throws {
    let cells: [ColumnName: Cell] = [
      rate: .number(0.0005), reset: .text("never"), loss: .number(-2), .run: .text("a/v001"), .status: .text("finished"),
    ]
    #expect(try holds(text, cells) == isHeld)
  }

  @Test func `nothing but different holds for nan`() throws {
    for comparison in Filter.Comparison.allCases {
      #expect(try holds("swd_mean \(comparison.rawValue) 1", [distance: .number(.nan)]) == (comparison == .different))
    }
  }

  /// A condition as text, how tightly it binds, and what it means, built without the parser.
  private struct Reference {
    let text: String
    /// 0: `or`, 1: `and`, 2: all else.
    let strength: Int
    let holds: ([ColumnName: Double]) -> Bool

    /// The text, in parentheses when it binds less than it must, or sometimes for nothing.
    func text(atLeast strength: Int, _ random: inout RandomStream) -> String {
      self.strength < strength || random.below(6) == 0 ? "( \(text))" : text
    }
  }

  private func condition(_ depth: Int, _ random: inout RandomStream) -> Reference {
    let (a, b) = (random.below(3), depth > 0 ? random.below(4) : 3)
    if b < 2 {
      let (left, right) = (condition(depth - 1, &random), condition(depth - 1, &random))
      let isAnd = b == 0
      // `and` and `or` take their right side by itself, so one of the same kind there needs parentheses to be the same tree.
      let text = left.text(atLeast: b == 0 ? 1 : 0, &random) + (isAnd ? " and " : " or ")
      return Reference(text: text + right.text(atLeast: isAnd ? 2 : 1, &random), strength: isAnd ? 1 : 0) { cells in
        isAnd ? left.holds(cells) && right.holds(cells) : left.holds(cells) || right.holds(cells)
      }
    }
    if b == 2 {
      let inner = condition(depth - 1, &random)
      return Reference(text: "not " + inner.text(atLeast: 2, &random), strength: 2) { !inner.holds($0) }
    }
    let column = [rate, loss, distance][a]
    let value = random.below(3)
    switch random.below(4) {
    case 0: return Reference(text: "\(column) < \(value)", strength: 2) { $0[column].map { $0 < Double(value) } ?? false }
    case 1: return Reference(text: "\(column.short)>=\(value)", strength: 2) { $0[column].map { $0 >= Double(value) } ?? false }
    case 2: return Reference(text: "\(value).0 != \(column)", strength: 2) { $0[column].map { $0 != Double(value) } ?? false }
    default:
      return Reference(text: "\(column) not in (\(value), 7)", strength: 2) {
        $0[column].map { $0 != Double(value) && $0 != 7 } ?? false
      }
    }
  }

  @Test func `a filter means what its parts mean`() throws {
    var random = RandomStream(seed: 11, name: "filters")
    for _ in 0..<1500 {
      let reference = condition(random.below(5), &random)
      let filter = try Filter(reference.text, columns: columns)
      for _ in 0..<8 {
        var cells: [ColumnName: Double] = [:]
        for column in [rate, loss, distance] where random.below(4) > 0 { cells[column] = Double(random.below(3)) }
        #expect(filter.holds { Cell(cells[$0]) } == reference.holds(cells), "\(reference.text)")
      }
    }
  }

  @Test(arguments: [
    (
      "metrics.swd_men < 20",
      """
      --filter:1:1: error: there is no column 'metrics.swd_men'
        1 | metrics.swd_men < 20
          | ^~~~~~~~~~~~~~~ did you mean 'metrics.swd_mean'?
      """
    ),
    (
      "params.optimizer.adam.rate = 1",
      """
      --filter:1:28: error: '=' stands where a comparison (== != < <= > >= in) should
        1 | params.optimizer.adam.rate = 1
          |                            ^ did you mean '=='?
      """
    ),
    (
      "swd_mean < 1 && run == 'a",
      """
      --filter:1:24: error: this text is never closed
        1 | swd_mean < 1 && run == 'a
          |                        ^~
          note: a text ends with the quote it begins with
      """
    ),
    (
      "swd_mean < 1 && run == 'a'",
      """
      --filter:1:14: error: '&&' stands where 'and', 'or' or the end should
        1 | swd_mean < 1 && run == 'a'
          |              ^~ did you mean 'and'?
      """
    ),
    (
      "1 < swd_mean < 3",
      """
      --filter:1:14: error: comparisons do not chain
        1 | 1 < swd_mean < 3
          |              ^
          note: write 'a < x and x < b' instead of 'a < x < b'
      """
    ),
    (
      "",
      """
      --filter:1:1: error: the end stands where a column, a number or a text should
        1 | 
          | ^
      """
    ),
    (
      "(swd_mean in (1, 2)",
      """
      --filter:1:20: error: the end stands where ')' should
        1 | (swd_mean in (1, 2)
          |                    ^
      """
    ),
    (
      "status == finished",
      """
      --filter:1:11: error: there is no column 'finished'
        1 | status == finished
          |           ^~~~~~~~
          note: a text stands in quotes; '--columns "*"' shows all columns
      """
    ),
  ])
  func `a mistake is shown in its place`(text: String, message: String) {
    let error = #expect(throws: Diagnostics.self) { try Filter(text, columns: columns) }
    #expect(error?.exitCode == .usage)
    #expect(error?.rendered == message)
  }

  @Test(arguments: [
    "and", "not", "()", "swd_mean", "swd_mean <", "< 1", "swd_mean in 1", "swd_mean in ()", "swd_mean in (1,)", "swd_mean not 1",
    "swd_mean in (run)", "swd_mean < 1 swd_mean", "swd_mean < 1)", ",", "💥", "\u{1b}", "swd_mean << 1", "1 + 1 == 2", "'a", "*",
  ])
  func `other mistakes are mistakes, too`(text: String) {
    #expect(throws: Diagnostics.self) { try Filter(text, columns: columns) }
  }

  @Test func `deep nesting is refused, not followed`() {
    for piece in ["(", "not "] {
      let error = #expect(throws: Diagnostics.self) {
        try Filter(String(repeating: piece, count: 100_000) + "swd_mean < 1", columns: columns)
      }
      #expect(error?.items.first?.message == "a filter is nested 64 levels deep at most")
    }
    #expect(throws: Never.self) {
      try Filter(Array(repeating: "swd_mean < 1", count: 5000).joined(separator: " or "), columns: columns)
    }
  }
}
