import Basics

extension Override {
  /// The value in the override `text`, whose path ends before `equals`: a list, a map or a text in quotes as YAML has them, or
  /// else all that is there, `#`, blanks and all.
  /// - Throws: what is wrong, also when YAML would take only a part of it.
  static func value(of text: String, after equals: String.Index, _ source: SourceText) throws(Diagnostics) -> Node {
    let prefix = text[...equals].unicodeScalars.count
    let value = text[text.index(after: equals)...]
    let count = value.unicodeScalars.count
    let kind = value.unicodeScalars.first { !isBlank($0) }
    guard let kind, "[{\"'".unicodeScalars.contains(kind) else {
      let position = SourcePosition(line: 1, column: count == 0 ? prefix : prefix + 1, length: max(1, count))
      let mark = Mark(source: source, position: position)
      guard value.utf8.count <= YAMLLimits.scalarBytes else {
        throw Diagnostics([mark.error("a value has \(YAMLLimits.scalarBytes >> 10) KiB at most, but this one has more")])
      }
      return Node(content: .scalar(String(value), isPlain: true), mark: mark)
    }
    // Blanks for the path, so that the value's positions are those in the override.
    let (root, mistakes) = YAMLReader.read(String(repeating: " ", count: prefix) + value, source: source)
    let isQuoted = "\"'".unicodeScalars.contains(kind)
    let help =
      isQuoted
      ? "a value that begins with a quote ends with it, and has no other: \"a \\\"b\\\" c\""
      : value.contains(" #") ? "' #' begins a comment in a list or map: put the text in quotes" : nil
    guard mistakes.isEmpty, let root else {
      throw Diagnostics(mistakes.map { $0.adding(note: help) })
    }
    let end = prefix + count - value.unicodeScalars.reversed().prefix(while: isBlank).count
    let taken = root.mark.position.map { $0.column + $0.length - 1 } ?? end
    guard taken >= end else {
      let position = SourcePosition(line: 1, column: taken + 1, length: end - taken)
      throw Diagnostics([source.error("the value ends before this, and all of it must count", at: position, note: help)])
    }
    return root
  }

  private static func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" }
}

extension Diagnostic {
  /// The diagnostic with another note, if there is one.
  fileprivate func adding(note: String?) -> Diagnostic {
    var copy = self
    copy.note = note ?? copy.note
    return copy
  }
}
