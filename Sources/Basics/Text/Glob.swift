/// A pattern for file names: `*` stands for any characters, `?` for one, `[a-z]` for one of a set, `[!a-z]` for one
/// outside it. A pattern without these is a plain name.
///
/// A pattern without `/` is compared with each folder and file name of a path, one with `/` with the whole path, where
/// `*` and `?` do not stand for `/`. Time is at most the product of the two lengths.
package struct Glob: Sendable {
  /// As the user wrote it.
  package let pattern: String
  private let tokens: [Token]

  private enum Token {
    case one(Character)
    case anyOne
    case any
    case set([ClosedRange<Character>], isInverted: Bool)
  }

  /// The pattern that `pattern` spells.
  package init(_ pattern: String) {
    self.pattern = pattern
    var tokens: [Token] = []
    var rest = Array(pattern)[...]
    while let character = rest.popFirst() {
      switch character {
      case "*": tokens.append(.any)
      case "?": tokens.append(.anyOne)
      case "[": tokens.append(Self.set(from: &rest) ?? .one("["))
      default: tokens.append(.one(character))
      }
    }
    self.tokens = tokens
  }

  /// Whether the path, its parts joined by `/`, is meant.
  package func matches(_ path: String) -> Bool {
    // Taken apart at the byte: a mark at the beginning of a name is no part of the slash before it.
    let parts = Path.components(of: path).map(Array.init)
    guard pattern.utf8.contains(UInt8(ascii: "/")) else { return parts.contains(where: matches) }
    let root: [Character] = Path.isAbsolute(path) ? ["/"] : []
    return matches(whole: root + Array(parts.joined(separator: ["/"])))
  }

  /// On a mismatch only the last star takes one more character: earlier stars never need to change.
  private func matches(whole text: [Character]) -> Bool {
    var (token, position) = (0, 0)
    var star: (token: Int, position: Int)?
    while position < text.count {
      if token < tokens.count, case .any = tokens[token] {
        star = (token, position)
        token += 1
      } else if token < tokens.count, accepts(tokens[token], text[position]) {
        token += 1
        position += 1
      } else if let last = star, text[last.position] != "/" {
        star = (last.token, last.position + 1)
        (token, position) = (last.token + 1, last.position + 1)
      } else {
        return false
      }
    }
    return tokens[token...].allSatisfy { if case .any = $0 { true } else { false } }
  }

  private func accepts(_ token: Token, _ character: Character) -> Bool {
    switch token {
    case .one(let expected): character == expected
    case .anyOne, .any: character != "/"
    case .set(let ranges, let isInverted): character != "/" && ranges.contains { $0.contains(character) } != isInverted
    }
  }

  /// The set that follows a `[`, or nil, leaving `rest` alone, if no `]` closes it.
  private static func set(from rest: inout ArraySlice<Character>) -> Token? {
    var body = rest
    let isInverted = body.first == "!"
    if isInverted { body.removeFirst() }
    guard let end = body.dropFirst().firstIndex(of: "]") else { return nil }
    let members = Array(body[..<end])
    var ranges: [ClosedRange<Character>] = []
    var i = 0
    while i < members.count {
      if i + 2 < members.count, members[i + 1] == "-", members[i] <= members[i + 2] {
        ranges.append(members[i]...members[i + 2])
        i += 3
      } else {
        ranges.append(members[i]...members[i])
        i += 1
      }
    }
    rest = body[(end + 1)...]
    return .set(ranges, isInverted: isInverted)
  }
}
