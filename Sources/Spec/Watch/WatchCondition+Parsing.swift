import Basics

extension WatchCondition {
  /// What is wrong with a text, and at which of its scalars.
  struct Mistake: Error, Equatable {
    let message: String
    let range: Range<Int>
    var note: String?
    var suggestion: String?
  }

  /// How a condition looks, for messages.
  static let form = "'column > number' or 'column is not finite', and 'for N' after it for N iterations in a row"

  /// A piece of a condition's text, and where it is.
  private struct Token {
    let text: String
    let range: Range<Int>
    var isOperator: Bool { text.unicodeScalars.allSatisfy(WatchCondition.isOperator) }
  }

  /// What remains to be read.
  private struct Tokens {
    var rest: ArraySlice<Token>
    let end: Int

    mutating func next(_ expected: String) throws(Mistake) -> Token {
      guard let token = rest.popFirst() else {
        throw Mistake(message: "ends where \(expected) should follow", range: max(0, end - 1)..<max(1, end), note: "write \(form)")
      }
      return token
    }
  }

  /// The condition that `text` spells, and where its column is.
  static func parse(_ text: String) throws(Mistake) -> (condition: WatchCondition, column: Range<Int>) {
    let all = tokens(text)
    var tokens = Tokens(rest: all[...], end: all.last?.range.upperBound ?? 0)
    let column = try tokens.next("a column of metrics.csv")
    guard !column.isOperator else {
      throw Mistake(message: "begins with '\(column.text)' instead of a column", range: column.range, note: "write \(form)")
    }
    var condition = WatchCondition(column: column.text, test: try test(&tokens))
    if let word = tokens.rest.popFirst() {
      guard word.text == "for" else {
        let suggestion = EditDistance.closest(to: word.text, among: ["for"])
        throw Mistake(
          message: "has '\(word.text.shortened)' where it should end or go on with 'for N'", range: word.range,
          suggestion: suggestion)
      }
      condition.iterations = try iterations(&tokens)
    }
    if let extra = tokens.rest.first {
      let range = extra.range.lowerBound..<tokens.end
      throw Mistake(
        message: "has more than a condition", range: range, note: "rules are separate items of the list; there is no 'and'")
    }
    return (condition, column.range)
  }

  private static func test(_ tokens: inout Tokens) throws(Mistake) -> Test {
    let names = Comparison.allCases.map(\.rawValue)
    let token = try tokens.next("a comparison")
    if token.text == "is" { return try finiteness(&tokens) }
    guard let comparison = Comparison(rawValue: token.text) else {
      let meant = ["=": "==", "=>": ">=", "=<": "<=", "<>": "!=", "≥": ">=", "≤": "<=", "≠": "!="][token.text]
      let expected = "one of \(names.joined(separator: " ")) or 'is'"
      throw Mistake(message: "has '\(token.text.shortened)' where \(expected) should stand", range: token.range, suggestion: meant)
    }
    let number = try tokens.next("a number")
    do throws(NumberGrammar.Mistake) {
      return .comparison(comparison, try NumberGrammar.number(number.text))
    } catch {
      let meant: String? = if case .meant(let text) = error { text } else { nil }
      let isWord = ["nan", ".nan", "inf", ".inf", "-inf", "infinity"].contains(number.text.lowercased())
      throw Mistake(
        message: "has '\(number.text.shortened)' where a number should stand", range: number.range,
        note: isWord ? "write 'is not finite' for nan and inf" : nil, suggestion: meant)
    }
  }

  private static func finiteness(_ tokens: inout Tokens) throws(Mistake) -> Test {
    var word = try tokens.next("'finite' or 'not finite'")
    let isNegated = word.text == "not"
    if isNegated { word = try tokens.next("'finite'") }
    guard word.text == "finite" else {
      let suggestion = EditDistance.closest(to: word.text, among: isNegated ? ["finite"] : ["finite", "not"])
      let expected = isNegated ? "'finite'" : "'finite' or 'not finite'"
      throw Mistake(
        message: "has '\(word.text.shortened)' where \(expected) should stand", range: word.range, suggestion: suggestion)
    }
    return isNegated ? .isNotFinite : .isFinite
  }

  private static func iterations(_ tokens: inout Tokens) throws(Mistake) -> Int {
    let token = try tokens.next("a number of iterations")
    var suggestion: String?
    do throws(NumberGrammar.Mistake) {
      let count = try NumberGrammar.integer(token.text, as: Int.self)
      if SpecLimits.iterations.contains(count) { return count }
    } catch {
      if case .meant(let text) = error { suggestion = text }
    }
    let range = SpecLimits.iterations
    throw Mistake(
      message:
        "has '\(token.text.shortened)' where a number of iterations from \(range.lowerBound) to \(range.upperBound) should stand",
      range: token.range, suggestion: suggestion)
  }

  /// Words and runs of operator characters; blanks between them may be left out where both kinds meet.
  private static func tokens(_ text: String) -> [Token] {
    let scalars = Array(text.unicodeScalars)
    let isBlank = { (scalar: Unicode.Scalar) in scalar.properties.isWhitespace }
    var tokens: [Token] = []
    var start = 0
    while start < scalars.count {
      if isBlank(scalars[start]) {
        start += 1
        continue
      }
      let kind = isOperator(scalars[start])
      let end = scalars[start...].firstIndex { isBlank($0) || isOperator($0) != kind } ?? scalars.count
      var word = String.UnicodeScalarView()
      word.append(contentsOf: scalars[start..<end])
      tokens.append(Token(text: String(word), range: start..<end))
      start = end
    }
    return tokens
  }

  private static func isOperator(_ scalar: Unicode.Scalar) -> Bool { "<>=!≥≤≠".unicodeScalars.contains(scalar) }
}
