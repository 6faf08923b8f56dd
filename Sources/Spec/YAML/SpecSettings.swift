import Basics

/// What a spec's file says at each dotted path, in its order. Nothing is checked and no default is filled in, so a resolved
/// spec of any version of Fadein can be looked at.
package struct SpecSettings: Equatable, Sendable {
  /// One value: a scalar's text, or a list of plain values or an empty map as YAML in one line.
  package struct Setting: Equatable, Sendable {
    /// As overrides spell it: `schedule.phases.0.hold`.
    package let path: String
    package let value: String
  }

  package let items: [Setting]
  private let values: [String: String]

  /// The settings in `bytes`, which messages call `file`. Throws what is wrong when they are not a spec's YAML.
  package init(_ bytes: [UInt8], file: String) throws(Diagnostics) {
    let text = try SpecFile.string(from: bytes, file: file)
    let document = YAMLReader.read(text, source: SourceText(file: file, text: text))
    guard document.diagnostics.isEmpty else { throw Diagnostics(document.diagnostics) }
    guard let root = document.root, root.entries != nil else {
      throw Diagnostics("there is nothing in this spec", file: file, exitCode: .badData)
    }
    var items: [Setting] = []
    root.collect(path: "", into: &items)
    self.init(items)
  }

  /// These settings, none twice.
  init(_ items: [Setting]) {
    self.items = items
    values = Dictionary(items.map { ($0.path, $0.value) }) { earlier, _ in earlier }
  }

  /// The value at a dotted path; nil when there is none.
  package subscript(path: String) -> String? { values[path] }
}

extension Node {
  /// Adds what stands at this node and below it.
  fileprivate func collect(path: String, into items: inout [SpecSettings.Setting]) {
    func below(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
    switch content {
    case .mapping(let entries) where !entries.isEmpty:
      for entry in entries { entry.value.collect(path: below(entry.key), into: &items) }
    case .sequence(let nodes) where nodes.contains(where: \.isMapping):
      for (index, node) in nodes.enumerated() { node.collect(path: below(String(index)), into: &items) }
    case .scalar(let text, _): items.append(SpecSettings.Setting(path: path, value: text))
    default: items.append(SpecSettings.Setting(path: path, value: value.flow))
    }
  }

  private var isMapping: Bool { if case .mapping = content { true } else { false } }
}
