import Basics

/// A piece of a filter's text, and at which of its scalars it stands.
struct FilterToken: Equatable {
  /// What the piece is.
  enum Kind: Equatable {
    /// A column or a word such as `and`.
    case word(String)
    case number(Double)
    case text(String)
    /// A comparison, a parenthesis, a comma, or what is none of them.
    case sign(String)
    case end
  }

  let kind: Kind
  let range: Range<Int>

  /// The piece as messages show it.
  var shown: String {
    switch kind {
    case .word(let word): "'\(word.shortened)'"
    case .number(let number): "'\(number)'"
    case .text(let text): "the text '\(text.shortened)'"
    case .sign(let sign): "'\(sign.shortened)'"
    case .end: "the end"
    }
  }

  /// The pieces of `text`, and at last an end.
  static func pieces(_ text: String) throws(FilterMistake) -> [FilterToken] {
    let scalars = Array(text.unicodeScalars)
    var tokens: [FilterToken] = []
    var start = 0
    while start < scalars.count {
      let scalar = scalars[start]
      if scalar.properties.isWhitespace {
        start += 1
        continue
      }
      let token: FilterToken
      if scalar == "'" || scalar == "\"" {
        token = try quoted(scalars, start)
      } else if "<>=!&|".unicodeScalars.contains(scalar) {
        token = sign(scalars, start)
      } else if isOfWord(scalar) || scalar == "+" {
        token = word(scalars, start)
      } else {
        token = FilterToken(kind: .sign(String(Character(scalar))), range: start..<start + 1)
      }
      tokens.append(token)
      start = token.range.upperBound
    }
    return tokens + [FilterToken(kind: .end, range: scalars.count..<scalars.count + 1)]
  }

  private static func quoted(_ scalars: [Unicode.Scalar], _ start: Int) throws(FilterMistake) -> FilterToken {
    guard let end = scalars[(start + 1)...].firstIndex(of: scalars[start]) else {
      throw FilterMistake(
        message: "this text is never closed", range: start..<scalars.count, note: "a text ends with the quote it begins with")
    }
    return FilterToken(kind: .text(string(scalars[(start + 1)..<end])), range: start..<end + 1)
  }

  private static func sign(_ scalars: [Unicode.Scalar], _ start: Int) -> FilterToken {
    let end = scalars[start...].firstIndex { !"<>=!&|".unicodeScalars.contains($0) } ?? scalars.count
    return FilterToken(kind: .sign(string(scalars[start..<end])), range: start..<end)
  }

  private static func word(_ scalars: [Unicode.Scalar], _ start: Int) -> FilterToken {
    let end = scalars[start...].firstIndex { !isOfWord($0) && $0 != "+" } ?? scalars.count
    let word = string(scalars[start..<end])
    if case .number(let number) = Cell(setting: word) { return FilterToken(kind: .number(number), range: start..<end) }
    return FilterToken(kind: .word(word), range: start..<end)
  }

  private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars)
    return String(text)
  }

  private static func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "._-*".unicodeScalars.contains(scalar)
  }
}

/// What is wrong with a filter, and at which of its scalars.
struct FilterMistake: Error, Equatable {
  let message: String
  let range: Range<Int>
  var note: String?
  var suggestion: String?
}
