import Basics

/// A change to a spec from the command line: `optimizer.adam.rate=1e-3` sets, `~loss.discriminator.drift` removes.
package struct Override: Sendable {
  /// What happens at the path.
  private enum Action {
    case set(Node)
    case remove
  }

  private let path: SpecPath
  private let action: Action
  private let source: SourceText
  /// The column of the first step.
  private let firstColumn: Int

  /// The override number `number`, counted from 1, or what is wrong with it.
  package init(_ text: String, number: Int) throws(Diagnostics) {
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
    // Blanks for the path, so that the value's positions are those in the override.
    let prefix = text[...end].unicodeScalars.count
    let value = String(repeating: " ", count: prefix) + text[text.index(after: end)...]
    let (root, mistakes) = YAMLReader.read(value, source: source)
    guard mistakes.isEmpty else { throw Diagnostics(mistakes) }
    let mark = Mark(source: source, position: SourcePosition(line: 1, column: prefix))
    action = .set(root ?? Node(content: .scalar("", isPlain: true), mark: mark))
  }

  /// Changes the tree below `root`; maps on the way that are missing are made, whether their keys exist or not: the
  /// fields complain about unknown ones later, at this override.
  package func apply(to root: inout Node) throws(Diagnostics) {
    do {
      try apply(path.steps[...], to: &root)
    } catch let diagnostic as Problem {
      throw Diagnostics([diagnostic.diagnostic])
    } catch {
      preconditionFailure("an override failed with \(error)")
    }
  }

  private struct Problem: Error { var diagnostic: Diagnostic }

  private func apply(_ steps: ArraySlice<String>, to node: inout Node) throws {
    let step = steps[steps.startIndex]
    let rest = steps.dropFirst()
    let mark = mark(of: steps.startIndex)
    let parent = steps.startIndex == 0 ? "the spec" : path.steps[..<steps.startIndex].joined(separator: ".")
    if case .sequence(var items) = node.content {
      guard let index = Node.index(step, in: items) else {
        let note = items.isEmpty ? nil : "its items are 0 to \(items.count - 1)"
        throw Problem(diagnostic: mark.error("\(parent) is a list and has no item '\(step)'", note: note))
      }
      if rest.isEmpty {
        if case .set(let value) = action { items[index] = labelled(value, mark) } else { items.remove(at: index) }
      } else {
        try apply(rest, to: &items[index])
      }
      node.content = .sequence(items)
      return
    }
    guard var entries = node.entries else {
      throw Problem(diagnostic: mark.error("\(parent) is \(node.summary) and has no setting '\(step)'"))
    }
    let index = entries.firstIndex { $0.key == step }
    switch (action, index, rest.isEmpty) {
    case (.set(let value), let index?, true):
      entries[index] = Node.Entry(key: step, keyMark: mark, value: labelled(value, mark))
    case (.set(let value), nil, true): entries.append(Node.Entry(key: step, keyMark: mark, value: labelled(value, mark)))
    case (.remove, let index?, true): entries.remove(at: index)
    case (_, let index?, false): try apply(rest, to: &entries[index].value)
    case (.set, nil, false):
      var child = Node(content: .mapping([]), mark: mark, label: mark)
      try apply(rest, to: &child)
      entries.append(Node.Entry(key: step, keyMark: mark, value: child))
    case (.remove, nil, _):
      let suggestion = EditDistance.closest(to: step, among: entries.map(\.key))
      throw Problem(diagnostic: mark.error("\(parent) has no '\(step)' to remove", suggestion: suggestion))
    }
    node.content = .mapping(entries)
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
