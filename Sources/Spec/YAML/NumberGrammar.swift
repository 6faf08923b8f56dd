/// The spec's own grammar of numbers: decimal, finite, and nothing that another YAML reader would read as another number.
enum NumberGrammar {
  /// Why a text is not a number.
  enum Mistake: Error, Equatable {
    case notANumber
    /// The text breaks the grammar, but this would not: `0.5` for `.5`.
    case meant(String)
    /// Beyond the largest or below the smallest number.
    case outOfRange
  }

  /// The number that `text` spells: `8`, `-0.5`, `1e-3`.
  static func number(_ text: String) throws(Mistake) -> Double {
    guard let parts = parts(text) else { throw mistake(text) }
    guard let value = Double(text), value.isFinite else { throw .outOfRange }
    let mantissa = parts.whole + parts.fraction
    if value == 0 && mantissa.contains(where: { $0 != "0" }) { throw .outOfRange }
    return value
  }

  /// The integer that `text` spells: digits with an optional minus.
  static func integer<Integer: FixedWidthInteger>(_ text: String, as type: Integer.Type) throws(Mistake) -> Integer {
    guard let parts = parts(text) else { throw mistake(text) }
    if parts.hasPoint || parts.hasExponent {
      let value = try number(text)
      guard let whole = Integer(exactly: value) else { throw .notANumber }
      throw .meant(String(whole))
    }
    guard let value = Integer(text) else { throw .outOfRange }
    return value
  }

  private struct Parts {
    var whole = ""
    var fraction = ""
    var hasPoint = false
    var hasExponent = false
  }

  /// `-? (0 | [1-9][0-9]*) ('.' [0-9]+)? ([eE] [+-]? [0-9]+)?`
  private static func parts(_ text: String) -> Parts? {
    var rest = Substring(text)
    func takeDigits() -> String {
      let digits = rest.prefix { "0"..."9" ~= $0 && $0.isASCII }
      rest = rest.dropFirst(digits.count)
      return String(digits)
    }
    func take(_ characters: Character...) -> Bool {
      guard let first = rest.first, characters.contains(first) else { return false }
      rest = rest.dropFirst()
      return true
    }
    var parts = Parts()
    _ = take("-")
    parts.whole = takeDigits()
    if parts.whole.isEmpty || (parts.whole.count > 1 && parts.whole.first == "0") { return nil }
    if take(".") {
      parts.hasPoint = true
      parts.fraction = takeDigits()
      if parts.fraction.isEmpty { return nil }
    }
    if take("e", "E") {
      parts.hasExponent = true
      _ = take("+", "-")
      if takeDigits().isEmpty { return nil }
    }
    return rest.isEmpty ? parts : nil
  }

  /// What was probably meant by a text outside the grammar.
  private static func mistake(_ text: String) -> Mistake {
    var repaired = Substring(text.replacing("_", with: ""))
    var sign = ""
    if repaired.first == "+" || repaired.first == "-" { sign = repaired.removeFirst() == "-" ? "-" : "" }
    // No `count`: it walks through the text, which may be 64 KiB of zeros.
    while repaired.first == "0", repaired.dropFirst().first?.isNumber == true { repaired = repaired.dropFirst() }
    if repaired.first == "." { repaired = "0" + repaired }
    if repaired.last == "." { repaired.removeLast() }
    let whole = sign + repaired
    return parts(whole) == nil ? .notANumber : .meant(whole)
  }
}
