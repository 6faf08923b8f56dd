import Basics
import Foundation
import Testing

@testable import Charts

@Suite struct TicksTests {
  /// Ranges of all sizes and signs.
  static func ranges(_ seed: UInt64) -> [ClosedRange<Double>] {
    var stream = RandomStream(seed: seed, name: "ranges")
    return (0..<200).map { _ in
      let numbers = (0..<3).map { _ in stream.uniform(in: -2...2) }
      let width = pow(10, numbers[0] * 3)
      let low = numbers[1] * width * 10
      return low...low + width * (1 + abs(numbers[2]))
    }
  }

  @Test(arguments: UInt64(1)...5) func `linear ticks are inside, evenly spaced, round, and not too many or too few`(seed: UInt64) {
    for range in Self.ranges(seed) {
      let (values, step) = Ticks.linear(range, atMost: 6)
      #expect(values.allSatisfy(range.contains), "\(range)")
      #expect((2...7).contains(values.count), "\(values) in \(range)")
      let mantissa = step / pow(10, floor(log10(step) + 1e-9))
      #expect([1, 2, 5].contains { abs($0 - mantissa) < 1e-9 }, "\(step)")
      for (a, b) in zip(values, values.dropFirst()) { #expect(abs(b - a - step) < step * 1e-6) }
      for value in values { #expect(abs((value / step).rounded() - value / step) < 1e-6, "\(value) is no multiple of \(step)") }
    }
  }

  @Test func `tenths are the doubles that one writes`() {
    #expect(Ticks.linear(0...1, atMost: 10).values == [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1])
  }

  @Test func `logarithmic ticks are powers of ten, with 2 and 5 between few of them`() {
    #expect(Ticks.logarithmic(0.9e-4...1.1e-1, atMost: 6) == [1e-4, 1e-3, 1e-2, 1e-1])
    #expect(Ticks.logarithmic(0.9...11, atMost: 6) == [1, 2, 5, 10])
    #expect(Ticks.logarithmic(1e-12...1e12, atMost: 6).count <= 6)
  }

  @Test(arguments: UInt64(1)...5) func `labels of ticks differ and read back as their numbers`(seed: UInt64) throws {
    for range in Self.ranges(seed) {
      let (values, step) = Ticks.linear(range, atMost: 6)
      let labels = values.map { NumberText.tick($0, step: step) }
      guard abs(range.lowerBound) < 1000 * step else { continue }
      #expect(Set(labels).count == values.count, "\(labels) for \(values)")
      for (value, label) in zip(values, labels) {
        let (unit, digits) =
          label.hasSuffix("k") ? (1e3, label.dropLast()) : label.hasSuffix("M") ? (1e6, label.dropLast()) : (1, label[...])
        let number = try #require(Double(digits.replacing("−", with: "-")), "\(label)")
        #expect(abs(number * unit - value) <= step * 1e-3, "\(label) for \(value)")
      }
    }
  }

  @Test func `numbers are short`() {
    #expect(NumberText.short(0.6740783) == "0.6741")
    #expect(NumberText.short(-1234) == "−1234")
    #expect(NumberText.short(0.0000123) == "1.23e-5")
    #expect(NumberText.short(.nan) == "nan")
    #expect(NumberText.spread(12.3456, 0.789) == "12.35 ± 0.79")
    #expect(NumberText.spread(221.6, 184.2) == "222 ± 184")
    #expect(NumberText.spread(-0.01, 1.2) == "0.0 ± 1.2")
    #expect(NumberText.count(1_234_567) == "1,234,567")
  }
}
