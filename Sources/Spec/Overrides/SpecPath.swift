/// The dotted path of a setting: keys, and positions in lists counted from 0, as `schedule.phases.0.hold`.
struct SpecPath: Equatable, Sendable, CustomStringConvertible {
  var steps: [String]

  /// The path through `steps`.
  init(steps: [String]) { self.steps = steps }

  /// The path that `text` spells, or nil when a step is empty or there are more than a spec can be deep.
  init?(_ text: String) {
    steps = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    if steps.count > YAMLLimits.depth || steps.contains(where: \.isEmpty) { return nil }
  }

  var description: String { steps.joined(separator: ".") }
}

extension Node {
  /// The node at `path` below this one, or nil.
  func node(at path: SpecPath) -> Node? {
    path.steps.reduce(self as Node?) { $0?.child($1, path) }
  }

  /// The deepest node on the way to `path` that exists: the place to show when the setting is not in the file.
  func nearest(to path: SpecPath) -> Node {
    var node = self
    for step in path.steps {
      guard let child = node.child(step, path) else { break }
      node = child
    }
    return node
  }

  /// The node one step further: under a key, or at a position of a list.
  private func child(_ step: String, _ path: SpecPath) -> Node? {
    switch content {
    case .mapping(let entries): entries.first { $0.key == step }?.value
    case .sequence(let items):
      Node.index(step, in: items).map { items[$0] }
        ?? (Node.networks.contains(path.steps[0]) ? Node.layer(step, in: items) : nil)
    case .scalar: nil
    }
  }

  /// The layer of this name: its settings, if it has any.
  private static func layer(_ name: String, in items: [Node]) -> Node? {
    guard let place = layerNames(of: items)?.place(name) else { return nil }
    if case .mapping(let entries) = items[place].content { return entries[0].value }
    return items[place]
  }

  /// The position that a step of a path names.
  static func index(_ step: String, in items: [Node]) -> Int? {
    guard let index = try? NumberGrammar.integer(step, as: Int.self) else { return nil }
    return items.indices.contains(index) ? index : nil
  }
}
