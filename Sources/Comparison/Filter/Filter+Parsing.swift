import Basics

extension Filter {
  /// The filter that `text` spells over `columns`. Throws its first mistake, with the place: exit code 64.
  package init(_ text: String, columns: ColumnIndex) throws(Diagnostics) {
    do throws(FilterMistake) {
      var parser = FilterParser(tokens: try FilterToken.pieces(text), columns: columns)
      expression = try parser.whole()
      self.columns = parser.asked
    } catch {
      // One line, whatever line breaks are in it: positions count scalars.
      let line = String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "\n" || $0 == "\r" ? " " : $0 }))
      let position = SourcePosition(line: 1, column: error.range.lowerBound + 1, length: error.range.count)
      let source = SourceText(file: "--filter", text: line)
      throw Diagnostics(
        [source.error(error.message, at: position, note: error.note, suggestion: error.suggestion)], exitCode: .usage)
    }
  }
}

/// Reads a filter: `or` binds least, then `and`, then `not`, then comparisons, which do not chain.
private struct FilterParser {
  /// Parentheses and `not` inside each other.
  private static let deepest = 64
  private static let keywords: Set<String> = ["and", "or", "not", "in"]
  private static let meant = [
    "=": "==", "=>": ">=", "=<": "<=", "<>": "!=", "!": "not", "&&": "and", "||": "or", "&": "and", "|": "or",
  ]

  let tokens: [FilterToken]
  let columns: ColumnIndex
  private(set) var asked: Set<ColumnName> = []
  private var place = 0
  private var depth = 0

  init(tokens: [FilterToken], columns: ColumnIndex) { (self.tokens, self.columns) = (tokens, columns) }

  private var token: FilterToken { tokens[place] }

  mutating func whole() throws(FilterMistake) -> Filter.Expression {
    let expression = try alternatives()
    guard token.kind == .end else { throw unexpected("'and', 'or' or the end") }
    return expression
  }

  private mutating func alternatives() throws(FilterMistake) -> Filter.Expression {
    var expression = try conditions()
    while take(.word("or")) { expression = .or(expression, try conditions()) }
    return expression
  }

  private mutating func conditions() throws(FilterMistake) -> Filter.Expression {
    var expression = try condition()
    while take(.word("and")) { expression = .and(expression, try condition()) }
    return expression
  }

  private mutating func condition() throws(FilterMistake) -> Filter.Expression {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.deepest else {
      throw FilterMistake(message: "a filter is nested \(Self.deepest) levels deep at most", range: token.range)
    }
    if take(.word("not")) { return .not(try condition()) }
    if take(.sign("(")) {
      let expression = try alternatives()
      guard take(.sign(")")) else { throw unexpected("')'") }
      return expression
    }
    let left = try operand()
    let isNegated = take(.word("not"))
    if take(.word("in")) { return .membership(left, try list(), isWanted: !isNegated) }
    guard !isNegated, case .sign(let sign) = token.kind, let comparison = Filter.Comparison(rawValue: sign) else {
      throw unexpected(isNegated ? "'in'" : "a comparison (== != < <= > >= in)")
    }
    place += 1
    let expression = Filter.Expression.comparison(left, comparison, try operand())
    if case .sign(let sign) = token.kind, Filter.Comparison(rawValue: sign) != nil {
      throw FilterMistake(
        message: "comparisons do not chain", range: token.range, note: "write 'a < x and x < b' instead of 'a < x < b'")
    }
    return expression
  }

  /// `(1, 10)`
  private mutating func list() throws(FilterMistake) -> [Cell] {
    guard take(.sign("(")) else { throw unexpected("a list such as (1, 10)") }
    var values: [Cell] = []
    repeat {
      guard case .value(let value) = try operand() else {
        throw FilterMistake(message: "a list holds numbers and texts, not columns", range: tokens[place - 1].range)
      }
      values.append(value)
    } while take(.sign(","))
    guard take(.sign(")")) else { throw unexpected("',' or ')'") }
    return values
  }

  private mutating func operand() throws(FilterMistake) -> Filter.Operand {
    let token = token
    switch token.kind {
    case .number(let number):
      place += 1
      return .value(.number(number))
    case .text(let text):
      place += 1
      return .value(.text(text))
    case .word("true"), .word("false"):
      place += 1
      return .value(.text(token.kind == .word("true") ? "true" : "false"))
    case .word(let word) where !Self.keywords.contains(word):
      guard let column = columns[word] else {
        let suggestion = columns.suggestion(for: word)
        let note = suggestion == nil ? "a text stands in quotes; '--columns \"*\"' shows all columns" : nil
        throw FilterMistake(
          message: "there is no column '\(word.shortened)'", range: token.range, note: note, suggestion: suggestion)
      }
      place += 1
      asked.insert(column)
      return .column(column)
    default: throw unexpected("a column, a number or a text")
    }
  }

  private mutating func take(_ kind: FilterToken.Kind) -> Bool {
    guard token.kind == kind else { return false }
    place += 1
    return true
  }

  private func unexpected(_ expected: String) -> FilterMistake {
    var suggestion: String?
    if case .sign(let sign) = token.kind { suggestion = Self.meant[sign] }
    if case .word(let word) = token.kind { suggestion = Self.keywords.first { $0 == word.lowercased() && $0 != word } }
    return FilterMistake(
      message: "\(token.shown) stands where \(expected) should", range: token.range, suggestion: suggestion)
  }
}
