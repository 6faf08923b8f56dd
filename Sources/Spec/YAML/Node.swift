import Basics

/// A piece of YAML with its place in the text.
struct Node: Sendable {
  /// What the piece is.
  enum Content: Sendable {
    /// A plain scalar is written without quotes; only those can be numbers, switches or nothing.
    case scalar(String, isPlain: Bool)
    case sequence([Node])
    case mapping([Entry])
  }

  /// One `key: value` of a mapping.
  struct Entry: Sendable {
    var key: String
    var keyMark: Mark
    var value: Node
  }

  var content: Content
  var mark: Mark
  /// The key that the node stands under.
  var label: Mark?

  /// The entries of a mapping; an empty scalar, as in `augment:`, is a mapping without entries.
  var entries: [Entry]? {
    switch content {
    case .mapping(let entries): entries
    case .scalar("", isPlain: true): []
    default: nil
    }
  }

  /// The node as a message names it: `'eight'`, `a list`.
  var summary: String {
    switch content {
    case .scalar("", isPlain: true): "nothing"
    case .scalar(let text, isPlain: true): "'\(text.shortened)'"
    case .scalar(let text, isPlain: false): "the text \"\(text.shortened)\""
    case .sequence(let items): items.isEmpty ? "an empty list" : "a list"
    case .mapping(let entries): entries.isEmpty ? "an empty map" : "a map"
    }
  }
}

/// A place in a text: of a file or of an override.
struct Mark: Sendable {
  var source: SourceText
  var position: SourcePosition?

  /// An error about this place.
  func error(_ message: String, note: String? = nil, suggestion: String? = nil) -> Diagnostic {
    source.error(message, at: position, note: note, suggestion: suggestion)
  }
}

extension Node {
  /// The node as YAML to be written.
  var value: YAMLValue {
    switch content {
    case .scalar(let text, let isPlain): isPlain ? .plain(text) : .text(text)
    case .sequence(let items): .sequence(items.map(\.inner))
    case .mapping(let entries): .mapping(entries.map { (key: $0.key, value: $0.value.inner) })
    }
  }

  /// The node as YAML inside of a list or map in one line, where what is plain in a block may mean something else: `a, b`. Such
  /// texts are neither numbers nor switches.
  private var inner: YAMLValue {
    if case .scalar(let text, isPlain: true) = content, text.utf8.contains(where: { ",[]{}".utf8.contains($0) }) {
      return .text(text)
    }
    return value
  }
}
