import Testing

@testable import Basics

@Suite struct DecimalTextTests {
  private func number(_ text: String) -> Double? {
    var text = text
    return text.withUTF8 { DecimalText.number($0) }
  }

  private func isSame(_ text: String) -> Bool {
    let (found, expected) = (number(text), Double(text))
    return found?.bitPattern == expected?.bitPattern || found?.isNaN == true && expected?.isNaN == true
  }

  @Test func `100,000 shortest decimals are read to the last bit`() {
    var random = RandomStream(seed: 4, name: "decimals")
    for _ in 0..<50_000 {
      let bits = random.next()
      let float = Float(bitPattern: UInt32(truncatingIfNeeded: bits))
      let double = Double(bitPattern: random.next())
      for text in [CSV.number(float), CSV.number(double)] { #expect(isSame(text), "\(text)") }
    }
  }

  @Test func `numbers as losses are are read to the last bit`() {
    var random = RandomStream(seed: 5, name: "losses")
    for _ in 0..<50_000 {
      let value = random.uniform(in: -20...20) * (random.below(4) == 0 ? 1e-6 : 1)
      for text in [CSV.number(Float(value)), CSV.number(value), String(Int(value * 1e6))] { #expect(isSame(text), "\(text)") }
    }
  }

  @Test func `a byte that is no digit is none among digits, too`() {
    for byte in UInt8(1)...127 {
      for place in 0..<10 {
        var bytes = Array("0.12345678".utf8)
        bytes[place] = byte
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(isSame(text), "\(text)")
      }
    }
  }

  @Test(arguments: [
    "", "-", "+", ".", "e", "e5", "1", "-1", "+1", "01", "-0", "-0.0", "0.0", "1.", ".5", "-.5", "1.5.2", "1e", "1e+", "1e-", "1e5",
    "1E5", "1e+05", "1e-05", "1e005", "1e0005", "1e22", "1e23", "1e-22", "1e-23", "1e308", "1e309", "1e-324", "5e-324", "1e9999",
    "9007199254740992", "9007199254740993", "9007199254740993.0", "18446744073709551615", "18446744073709551616",
    "123456789012345678901234567890", "0.000000000000000000000000000001", "179769313486231580793", "nan", "NaN", "-nan", "inf",
    "-inf",
    "Infinity", "infinity", "nan(1)", "0x10", "0x1p3", " 1", "1 ", "1,5", "1_000", "1f", "1\r", "\0", "é", "١", "12a", "--1",
    "1e5e5",
  ])
  func `odd spellings are numbers exactly where Swift takes them`(text: String) { #expect(isSame(text)) }
}
