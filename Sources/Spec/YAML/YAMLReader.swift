import Basics
import CYAML

/// Turns libyaml's events into nodes, and what a spec must not use (anchors, aliases, tags, directives, a second document,
/// too much of anything) into diagnostics.
struct YAMLReader {
  private let source: SourceText
  private var parser = yaml_parser_t()
  private var nodeCount = 0
  private var diagnostics: [Diagnostic] = []
  /// Whether something was left out of the nodes, so that they must not be looked at.
  private var isIncomplete = false

  /// Ends the walk; the reason is the last diagnostic.
  private struct Stop: Error {}

  private init(source: SourceText) { self.source = source }

  /// The one document of `text`, nil when it is empty or cannot be read in full, and every mistake found on the way.
  /// - Parameter source: the same text, for positions.
  static func read(_ text: String, source: SourceText) -> (root: Node?, diagnostics: [Diagnostic]) {
    let directives = source.lines.indices.filter { source.lines[$0].utf8.first == UInt8(ascii: "%") }
    if directives.count > YAMLLimits.directives {
      let position = SourcePosition(line: directives[0] + 1, column: 1)
      return (nil, [source.error("a spec has no directives, but \(directives.count) lines begin with '%'", at: position)])
    }
    var reader = YAMLReader(source: source)
    guard yaml_parser_initialize(&reader.parser) == 1 else {
      return (nil, [source.error("there is no memory to read it", at: SourcePosition(line: 1, column: 1))])
    }
    defer { yaml_parser_delete(&reader.parser) }
    var text = text
    let root = text.withUTF8 { bytes in
      yaml_parser_set_input_string(&reader.parser, bytes.baseAddress, bytes.count)
      yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING)
      return try? reader.document()
    }
    return (reader.isIncomplete ? nil : root, reader.diagnostics)
  }

  private mutating func document() throws -> Node? {
    var root: Node?
    while true {
      var event = try next()
      defer { yaml_event_delete(&event) }
      switch event.type {
      case YAML_STREAM_END_EVENT: return root
      case YAML_DOCUMENT_START_EVENT:
        if root != nil { throw stop("a spec is one document, but here begins a second one", event) }
        let start = event.data.document_start
        if start.version_directive != nil || start.tag_directives.start != start.tag_directives.end {
          report("a spec has no directives: leave this line out", event)
        }
      case YAML_DOCUMENT_END_EVENT, YAML_STREAM_START_EVENT: break
      default: root = try node(event, depth: 1)
      }
    }
  }

  /// The node that begins with `event`, which the caller deletes.
  private mutating func node(_ event: yaml_event_t, depth: Int) throws -> Node {
    nodeCount += 1
    if nodeCount > YAMLLimits.nodes { throw stop("a spec holds \(YAMLLimits.nodes) values at most", event) }
    if depth > YAMLLimits.depth { throw stop("a spec is nested \(YAMLLimits.depth) levels deep at most", event) }
    switch event.type {
    case YAML_ALIAS_EVENT:
      report("a spec has no aliases: write the value again instead of '*\(name(event.data.alias.anchor))'", event)
      isIncomplete = true
      return Node(content: .scalar("", isPlain: true), mark: mark(event))
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      refuse(anchor: scalar.anchor, tag: scalar.tag, event)
      if scalar.length > YAMLLimits.scalarBytes {
        throw stop("a value has \(YAMLLimits.scalarBytes >> 10) KiB at most, but this one has more", event)
      }
      let text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
      if text.utf8.contains(0) { report("a value cannot hold the character U+0000", event) }
      return Node(content: .scalar(text, isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE), mark: mark(event))
    case YAML_SEQUENCE_START_EVENT:
      refuse(anchor: event.data.sequence_start.anchor, tag: event.data.sequence_start.tag, event)
      return try sequence(event, depth: depth)
    case YAML_MAPPING_START_EVENT:
      refuse(anchor: event.data.mapping_start.anchor, tag: event.data.mapping_start.tag, event)
      return try mapping(event, depth: depth)
    default: preconditionFailure("libyaml sent event \(event.type.rawValue) where a node begins")
    }
  }

  private mutating func sequence(_ start: yaml_event_t, depth: Int) throws -> Node {
    var items: [Node] = []
    while true {
      var event = try next()
      defer { yaml_event_delete(&event) }
      if event.type == YAML_SEQUENCE_END_EVENT {
        return Node(content: .sequence(items), mark: mark(start, end: event))
      }
      items.append(try node(event, depth: depth + 1))
    }
  }

  private mutating func mapping(_ start: yaml_event_t, depth: Int) throws -> Node {
    var entries: [Node.Entry] = []
    var seen: [String: SourcePosition] = [:]
    while true {
      var event = try next()
      defer { yaml_event_delete(&event) }
      if event.type == YAML_MAPPING_END_EVENT {
        return Node(content: .mapping(entries), mark: mark(start, end: event))
      }
      let key = try node(event, depth: depth + 1)
      var valueEvent = try next()
      defer { yaml_event_delete(&valueEvent) }
      var value = try node(valueEvent, depth: depth + 1)
      value.label = key.mark
      guard case .scalar(let name, let isPlain) = key.content, event.type == YAML_SCALAR_EVENT else {
        isIncomplete = true
        if event.type != YAML_ALIAS_EVENT { diagnostics.append(key.mark.error("a key must be a word, not \(key.summary)")) }
        continue
      }
      if name.utf8.count > YAMLLimits.keyBytes {
        diagnostics.append(key.mark.error("a key has \(YAMLLimits.keyBytes) bytes at most, but this one has more"))
      } else if name == "<<" && isPlain {
        isIncomplete = true
        diagnostics.append(key.mark.error("a spec has no merge keys: write the settings out instead of '<<'"))
      } else if let first = seen[name] {
        diagnostics.append(key.mark.error("'\(name)' stands here a second time", note: "the first is in line \(first.line)"))
      } else {
        seen[name] = key.mark.position
        entries.append(Node.Entry(key: name, keyMark: key.mark, value: value))
      }
    }
  }

  private mutating func next() throws -> yaml_event_t {
    var event = yaml_event_t()
    guard yaml_parser_parse(&parser, &event) == 1 else {
      diagnostics.append(syntaxError())
      throw Stop()
    }
    return event
  }

  /// libyaml's complaint, with the places where users stumble in plain words.
  private func syntaxError() -> Diagnostic {
    let position = place(parser.problem_mark)
    let problem = parser.problem.map { String(cString: $0) } ?? "this cannot be read"
    if source.line(position.line)?.unicodeScalars.dropFirst(position.column - 1).first == "\t" {
      return source.error("a tab cannot stand here: YAML is indented with blanks", at: position)
    }
    let context = parser.context.map { String(cString: $0) } ?? ""
    let kinds = [("flow sequence", "list"), ("flow mapping", "map"), ("block mapping", "map"), ("quoted scalar", "text")]
    let begin = place(parser.context_mark)
    let note = kinds.first { context.contains($0.0) }.map { "the \($0.1) begins at \(begin.line):\(begin.column)" }
    return source.error("this is not YAML: \(problem)", at: position, note: note)
  }

  /// The place of a mark; what lies behind the text is at the end of its last line that is not blank.
  private func place(_ mark: yaml_mark_t) -> SourcePosition {
    let (line, column) = (Int(mark.line) + 1, Int(mark.column) + 1)
    let isBehind = source.lines.dropFirst(line - 1).allSatisfy(\.isEmpty)
    guard isBehind, let last = source.lines.lastIndex(where: { !$0.isEmpty }) else {
      return SourcePosition(line: line, column: column)
    }
    return SourcePosition(line: last + 1, column: source.lines[last].unicodeScalars.count + 1)
  }

  private mutating func refuse(anchor: UnsafePointer<yaml_char_t>?, tag: UnsafePointer<yaml_char_t>?, _ event: yaml_event_t) {
    if anchor != nil { report("a spec has no anchors: leave '&\(name(anchor))' out", event) }
    if tag != nil { report("a spec has no tags: leave '\(name(tag))' out", event) }
  }

  private mutating func report(_ message: String, _ event: yaml_event_t) { diagnostics.append(mark(event).error(message)) }

  private mutating func stop(_ message: String, _ event: yaml_event_t) -> Stop {
    report(message, event)
    return Stop()
  }

  private func name(_ text: UnsafePointer<yaml_char_t>?) -> String {
    text.map { String(decodingCString: $0, as: UTF8.self).shortened } ?? ""
  }

  private func mark(_ start: yaml_event_t) -> Mark { mark(start, end: start) }

  /// The place from the beginning of `start` to the end of `end`, or to the end of the first line.
  private func mark(_ start: yaml_event_t, end: yaml_event_t) -> Mark {
    let (from, to) = (start.start_mark, end.end_mark)
    var length = to.column - from.column
    if to.line != from.line || to.column < from.column {
      let line = source.line(Int(from.line) + 1)?.unicodeScalars.dropFirst(Int(from.column))
      length = line?.prefix { $0 != "#" }.reversed().drop { $0 == " " || $0 == "\t" }.count ?? 1
    }
    let position = SourcePosition(line: Int(from.line) + 1, column: Int(from.column) + 1, length: Int(length))
    return Mark(source: source, position: position)
  }
}
