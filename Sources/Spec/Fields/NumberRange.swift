/// The numbers that a setting may have.
package struct NumberRange: Equatable, Sendable {
  package var minimum: Double?
  package var maximum: Double?
  /// Whether `minimum` itself is out.
  package var isAbove = false
  /// Whether `maximum` itself is out.
  package var isBelow = false

  package static let any = NumberRange()

  package static func atLeast(_ minimum: Double) -> NumberRange { NumberRange(minimum: minimum) }

  package static func above(_ minimum: Double) -> NumberRange { NumberRange(minimum: minimum, isAbove: true) }

  /// More than `minimum`, up to `maximum`.
  package static func above(_ minimum: Double, to maximum: Double) -> NumberRange {
    NumberRange(minimum: minimum, maximum: maximum, isAbove: true)
  }

  /// Between `minimum` and `maximum`, neither included.
  package static func between(_ minimum: Double, and maximum: Double) -> NumberRange {
    NumberRange(minimum: minimum, maximum: maximum, isAbove: true, isBelow: true)
  }

  /// From `minimum` to `maximum`, both included.
  package static func from(_ minimum: Double, to maximum: Double) -> NumberRange {
    NumberRange(minimum: minimum, maximum: maximum)
  }

  /// From `minimum` on, less than `maximum`.
  package static func from(_ minimum: Double, below maximum: Double) -> NumberRange {
    NumberRange(minimum: minimum, maximum: maximum, isBelow: true)
  }

  /// Whether `value` lies in the range.
  package func contains(_ value: Double) -> Bool {
    if let minimum, isAbove ? value <= minimum : value < minimum { return false }
    if let maximum, isBelow ? value >= maximum : value > maximum { return false }
    return true
  }

  /// As words after "a number": ` from 0 to 1`, ` above 0`, nothing when all are in.
  var words: String {
    if let minimum, let maximum, !isAbove, !isBelow { return " from \(minimum.spelled) to \(maximum.spelled)" }
    let low = minimum.map { "\(isAbove ? "above" : "of at least") \($0.spelled)" }
    let high = maximum.map { "\(isBelow ? "below" : "up to") \($0.spelled)" }
    let words = [low, high].compactMap { $0 }.joined(separator: " and ")
    return words.isEmpty ? "" : " " + words
  }

  /// The JSON Schema keywords for the range.
  var keywords: [(key: String, value: JSON)] {
    let low = minimum.map { (key: isAbove ? "exclusiveMinimum" : "minimum", value: JSON.number($0.spelled)) }
    let high = maximum.map { (key: isBelow ? "exclusiveMaximum" : "maximum", value: JSON.number($0.spelled)) }
    return [low, high].compactMap { $0 }
  }
}

extension Double {
  /// The shortest decimal that reads back the same: `10`, `0.001`, `1e-8`.
  package var spelled: String {
    // Byte by byte: every reading of a spec spells the ranges of its settings.
    var text = Array(description.utf8)
    if text.suffix(2).elementsEqual(".0".utf8) { text.removeLast(2) }
    if let e = text.firstIndex(of: UInt8(ascii: "e")), text[e...].dropFirst().starts(with: "-0".utf8) { text.remove(at: e + 2) }
    return String(decoding: text, as: UTF8.self)
  }
}
