import Basics

/// What a spec's file says at each dotted path, in its order. Nothing is checked and no default is filled in, so a resolved
/// spec of any version of Fadein can be looked at.
///
/// Specs of a sweep say nearly the same. Those that a ``SpecSettingsReader`` reads share what they have in common, so that a hundred
/// thousand of them fit into memory.
package struct SpecSettings: Sendable {
  /// One value: a scalar's text, or a list of plain values or an empty map as YAML in one line.
  package struct Setting: Equatable, Sendable {
    /// As overrides spell it: `schedule.phases.0.hold`.
    package let path: String
    package let value: String
  }

  /// The settings of one spec, which others have but for some values.
  package final class Shape: Sendable {
    package let items: [Setting]
    /// Where the setting of a path stands in `items`.
    let places: [String: Int]

    init(_ items: [Setting]) {
      self.items = items
      places = Dictionary(items.enumerated().map { ($0.element.path, $0.offset) }) { earlier, _ in earlier }
    }
  }

  /// A value that is not that of the shape.
  package struct Change: Hashable, Sendable {
    /// The place in the shape's items.
    package let place: Int
    package let value: String
  }

  package let shape: Shape
  /// By place.
  package let changes: [Change]

  init(_ shape: Shape, _ changes: [Change] = []) { (self.shape, self.changes) = (shape, changes) }

  /// Bytes of all paths and values together; a spec has some thousand.
  package static let largest = 1 << 20

  /// The settings in `bytes`, which messages call `file`. Throws what is wrong when they are not a spec's YAML.
  package init(_ bytes: [UInt8], file: String) throws(Diagnostics) {
    let text = try SpecFile.string(from: bytes, file: file)
    let document = YAMLReader.read(text, source: SourceText(file: file, text: text))
    guard document.diagnostics.isEmpty else { throw Diagnostics(document.diagnostics) }
    guard let root = document.root, root.entries != nil else {
      throw Diagnostics("there is nothing in this spec", file: file, exitCode: .badData)
    }
    var collector = Collector()
    root.collect(path: "", into: &collector)
    guard collector.size <= Self.largest else {
      throw Diagnostics(
        "the paths and values of this spec have more than \(Self.largest >> 20) MiB", file: file, exitCode: .badData)
    }
    self.init(Shape(collector.items))
  }

  /// These settings, none twice.
  init(_ items: [Setting]) { self.init(Shape(items)) }

  package var items: [Setting] {
    guard !changes.isEmpty else { return shape.items }
    var items = shape.items
    for change in changes { items[change.place] = Setting(path: items[change.place].path, value: change.value) }
    return items
  }

  /// The value at a dotted path; nil when there is none.
  package subscript(path: String) -> String? {
    guard let place = shape.places[path] else { return nil }
    return changes.first { $0.place == place }?.value ?? shape.items[place].value
  }
}

extension SpecSettings: Equatable {
  package static func == (left: SpecSettings, right: SpecSettings) -> Bool {
    left.shape === right.shape ? left.changes == right.changes : left.items == right.items
  }
}

extension SpecSettings {
  /// Settings in their order, no more than a spec may have.
  fileprivate struct Collector {
    private(set) var items: [Setting] = []
    private(set) var size = 0

    /// Adds a setting; once there are too many, only counts.
    mutating func add(_ path: String, _ value: String) {
      size += path.utf8.count + value.utf8.count
      if size <= SpecSettings.largest { items.append(Setting(path: path, value: value)) }
    }
  }
}

extension Node {
  /// Adds what is at this node and below it.
  fileprivate func collect(path: String, into found: inout SpecSettings.Collector) {
    func below(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
    switch content {
    case .mapping(let entries) where !entries.isEmpty:
      for entry in entries { entry.value.collect(path: below(entry.key), into: &found) }
    case .sequence(let nodes) where nodes.contains(where: \.isMapping) && isOfNetwork(path):
      guard let names = Self.layerNames(of: nodes)?.names else { fallthrough }
      // What stands in the list is one value, and settings are those of layers by their names.
      found.add(path, "[" + nodes.compactMap(\.layerKind).joined(separator: ", ") + "]")
      for (name, node) in zip(names, nodes) {
        if case .mapping(let entries) = node.content { entries[0].value.collect(path: below(name), into: &found) }
      }
    case .sequence(let nodes) where nodes.contains(where: \.isMapping):
      for (index, node) in nodes.enumerated() { node.collect(path: below(String(index)), into: &found) }
    case .scalar(let text, _): found.add(path, text)
    default: found.add(path, value.flow)
    }
  }

  private func isOfNetwork(_ path: String) -> Bool { Self.networks.contains { path.hasPrefix($0 + ".") } }

  private var isMapping: Bool { if case .mapping = content { true } else { false } }
}
