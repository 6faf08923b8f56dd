import Testing

@testable import Spec

@Suite struct NumberGrammarTests {
  @Test(arguments: [
    ("0", 0), ("8", 8), ("-0.5", -0.5), ("1e-3", 0.001), ("5E+2", 500), ("1e-08", 1e-8), ("0.0", 0), ("-0", 0), ("10.250", 10.25),
    ("1.7976931348623157e308", .greatestFiniteMagnitude), ("0e999", 0),
  ])
  func `a decimal number is read`(text: String, value: Double) throws {
    #expect(try NumberGrammar.number(text) == value)
  }

  @Test(arguments: [
    "", "-", "e5", "1e", "1e+", "0x1F", "1:30", "no", ".inf", "-.INF", ".nan", "NaN", "inf", "1 2", "1.5.2", "１", "٣", "1e5e5",
    "--1", "0b1",
  ])
  func `what is no decimal number is refused`(text: String) {
    #expect(throws: NumberGrammar.Mistake.notANumber) { try NumberGrammar.number(text) }
  }

  @Test(arguments: [
    ("017", "17"), ("00", "0"), ("-08", "-8"), ("+5", "5"), (".5", "0.5"), ("-.5", "-0.5"), ("5.", "5"), ("1_000", "1000"),
    ("010.5", "10.5"),
  ])
  func `a number in another grammar gets a suggestion`(text: String, meant: String) {
    #expect(throws: NumberGrammar.Mistake.meant(meant)) { try NumberGrammar.number(text) }
  }

  @Test(arguments: ["1e400", "-1e400", "1e-400", "1e99999999999999999999"])
  func `a number beyond doubles is out of range`(text: String) {
    #expect(throws: NumberGrammar.Mistake.outOfRange) { try NumberGrammar.number(text) }
  }

  @Test func `an integer has neither point nor exponent`() throws {
    #expect(try NumberGrammar.integer("-12", as: Int.self) == -12)
    #expect(try NumberGrammar.integer("18446744073709551615", as: UInt64.self) == .max)
    #expect(throws: NumberGrammar.Mistake.meant("8")) { try NumberGrammar.integer("8.0", as: Int.self) }
    #expect(throws: NumberGrammar.Mistake.meant("1000")) { try NumberGrammar.integer("1e3", as: Int.self) }
    #expect(throws: NumberGrammar.Mistake.notANumber) { try NumberGrammar.integer("1.5", as: Int.self) }
    #expect(throws: NumberGrammar.Mistake.outOfRange) { try NumberGrammar.integer("18446744073709551616", as: UInt64.self) }
    #expect(throws: NumberGrammar.Mistake.outOfRange) { try NumberGrammar.integer("-1", as: UInt64.self) }
  }

  @Test(arguments: [0, 1, -2.5, 1e-8, 0.001, 5e-4, 1e300, .leastNonzeroMagnitude, 0.1 + 0.2])
  func `a number that is written reads back the same`(value: Double) throws {
    #expect(try NumberGrammar.number(value.spelled) == value)
  }
}
