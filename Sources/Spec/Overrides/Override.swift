import Basics

/// A change to a spec from the command line: `optimizer.adam.rate=1e-3` sets, `~loss.discriminator.drift` removes.
struct Override: Sendable {
  /// What happens at the path.
  enum Action {
    case set(Node)
    case remove
  }

  let path: SpecPath
  var action: Action
  private let source: SourceText
  /// The column of the first step.
  private let firstColumn: Int

  /// The override number `number`, counted from 1, or what is wrong with it.
  init(_ text: String, number: Int) throws(Diagnostics) {
    let name = "override \(number)"
    let text = try SpecFile.string(from: Array(text.utf8), file: name)
    source = SourceText(file: name, text: text)
    let isRemoval = text.hasPrefix("~")
    let end = text.firstIndex(of: "=")
    firstColumn = isRemoval ? 2 : 1
    let whole = SourcePosition(line: 1, column: 1, length: source.lines[0].unicodeScalars.count)
    let steps = String(text[..<(end ?? text.endIndex)].dropFirst(isRemoval ? 1 : 0))
    guard source.lines.count == 1, isRemoval == (end == nil), let path = SpecPath(steps) else {
      throw Diagnostics([
        source.error(
          "an override is path=value, or ~path to remove a setting", at: whole, note: "for example optimizer.adam.rate=1e-3")
      ])
    }
    self.path = path
    guard let end else {
      action = .remove
      return
    }
    action = .set(try Self.value(of: text, after: end, source))
  }

  /// Changes the tree below `root`; maps on the way that are missing are made, whether their keys exist or not: the
  /// fields complain about unknown ones later, at this override.
  func apply(to root: inout Node) throws(Diagnostics) { try apply(from: 0, to: &root) }

  /// Applies what remains of the path from its step number `step` on to the node that this step leads out of.
  private func apply(from step: Int, to node: inout Node) throws(Diagnostics) {
    if case .sequence(var items) = node.content {
      try apply(from: step, to: &items)
      node.content = .sequence(items)
    } else if var entries = node.entries {
      try apply(from: step, to: &entries)
      node.content = .mapping(entries)
    } else {
      throw error(step, "\(parent(of: step)) is \(node.summary) and has no setting '\(path.steps[step])'")
    }
  }

  private func apply(from step: Int, to items: inout [Node]) throws(Diagnostics) {
    let names = Node.networks.contains(path.steps[0]) ? Node.layerNames(of: items) : nil
    guard let index = names?.place(path.steps[step]) ?? Node.index(path.steps[step], in: items) else {
      let note =
        names.map { "its layers are \($0.names.joined(separator: ", "))" }
        ?? (items.isEmpty ? nil : "its items are 0 to \(items.count - 1)")
      throw error(step, "\(parent(of: step)) is a list and has no item '\(path.steps[step])'", note: note)
    }
    switch action {
    case _ where step < path.steps.count - 1 && names != nil: try applyToLayer(from: step + 1, &items[index])
    case _ where step < path.steps.count - 1: try apply(from: step + 1, to: &items[index])
    case .set(let value): items[index] = labelled(value, mark(of: step))
    case .remove: items.remove(at: index)
    }
  }

  /// Changes a setting of a layer, which may be there by its name alone.
  private func applyToLayer(from step: Int, _ layer: inout Node) throws(Diagnostics) {
    guard let kind = layer.layerKind else { return try apply(from: step, to: &layer) }
    var entry = Node.Entry(key: kind, keyMark: layer.mark, value: Node(content: .mapping([]), mark: layer.mark, label: layer.mark))
    if case .mapping(let entries) = layer.content { entry = entries[0] }
    try apply(from: step, to: &entry.value)
    layer.content = .mapping([entry])
  }

  private func apply(from step: Int, to entries: inout [Node.Entry]) throws(Diagnostics) {
    let key = path.steps[step]
    let mark = mark(of: step)
    let index = entries.firstIndex { $0.key == key }
    switch (action, index) {
    case (_, let index?) where step < path.steps.count - 1: try apply(from: step + 1, to: &entries[index].value)
    case (.set(let value), let index?):
      entries[index] = Node.Entry(key: key, keyMark: mark, value: labelled(value, mark))
    case (.set(let value), nil):
      var child = labelled(value, mark)
      if step < path.steps.count - 1 {
        child = Node(content: .mapping([]), mark: mark, label: mark)
        try apply(from: step + 1, to: &child)
      }
      entries.append(Node.Entry(key: key, keyMark: mark, value: child))
    case (.remove, let index?): entries.remove(at: index)
    case (.remove, nil):
      let suggestion = EditDistance.closest(to: key, among: entries.map(\.key))
      throw error(step, "\(parent(of: step)) has no '\(key)' to remove", suggestion: suggestion)
    }
  }

  /// What a step leads out of, for a message.
  private func parent(of step: Int) -> String { step == 0 ? "the spec" : path.steps[..<step].joined(separator: ".") }

  /// An error at one step of the path.
  private func error(_ step: Int, _ message: String, note: String? = nil, suggestion: String? = nil) -> Diagnostics {
    Diagnostics([mark(of: step).error(message, note: note, suggestion: suggestion)])
  }

  private func labelled(_ node: Node, _ mark: Mark) -> Node {
    var node = node
    node.label = mark
    return node
  }

  /// The place of a step of the path.
  private func mark(of step: Int) -> Mark {
    let before = path.steps[..<step].reduce(0) { $0 + $1.unicodeScalars.count + 1 }
    let length = path.steps[step].unicodeScalars.count
    return Mark(source: source, position: SourcePosition(line: 1, column: firstColumn + before, length: length))
  }
}
