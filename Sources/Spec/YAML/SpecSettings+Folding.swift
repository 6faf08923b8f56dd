extension SpecSettings {
  /// Whether there are settings below `path`: it is a map that is not empty, or a list of such.
  package func hasSettings(below path: String) -> Bool { shape.items.contains { $0.path.hasPrefix(path + ".") } }

  /// The settings with all that stands below each of `paths`, none of which lies below another, as one setting there: YAML in one line.
  package func folding(_ paths: [String]) -> SpecSettings {
    var folded: [Setting] = []
    var parts: [String: [(steps: ArraySlice<String>, value: String)]] = [:]
    for item in items {
      guard let path = paths.first(where: { item.path.hasPrefix($0 + ".") }) else {
        folded.append(item)
        continue
      }
      // It stands where its first part stood.
      if parts[path] == nil { folded.append(Setting(path: path, value: "")) }
      let steps = item.path.dropFirst(path.count + 1).split(separator: ".").map(String.init)
      parts[path, default: []].append((steps[...], item.value))
    }
    return SpecSettings(
      folded.map { item in parts[item.path].map { Setting(path: item.path, value: Self.tree($0).flow) } ?? item })
  }

  /// Gives the setting at `path` another value.
  package mutating func rename(_ path: String, _ value: String) {
    guard let place = shape.places[path] else { return }
    let others = changes.filter { $0.place != place } + [Change(place: place, value: value)]
    self = SpecSettings(shape, others.sorted { $0.place < $1.place })
  }

  /// The map or list of these values, each at the end of its steps.
  private static func tree(_ parts: [(steps: ArraySlice<String>, value: String)]) -> YAMLValue {
    if let only = parts.first, only.steps.isEmpty { return .plain(only.value) }
    var keys: [String] = []
    var below: [String: [(steps: ArraySlice<String>, value: String)]] = [:]
    for part in parts {
      guard let key = part.steps.first else { continue }
      if below[key] == nil { keys.append(key) }
      below[key, default: []].append((part.steps.dropFirst(), part.value))
    }
    let values = keys.map { (key: $0, value: tree(below[$0] ?? [])) }
    let isList = keys.enumerated().allSatisfy { String($0.offset) == $0.element }
    return isList ? .sequence(values.map(\.value)) : .mapping(values)
  }
}

/// Folds the settings of many specs, of which those that say the same below the folded paths share the result.
package final class SettingsFolder {
  private struct Key: Hashable {
    let shape: ObjectIdentifier
    let changes: [SpecSettings.Change]
  }

  private let paths: [String]
  private var known: [Key: SpecSettings.Shape] = [:]

  /// Folds what stands below each of `paths`, none of which lies below another.
  package init(_ paths: [String]) { self.paths = paths }

  /// `settings` folded.
  package func folded(_ settings: SpecSettings) -> SpecSettings {
    func isBelow(_ change: SpecSettings.Change) -> Bool {
      paths.contains { settings.shape.items[change.place].path.hasPrefix($0 + ".") }
    }
    let key = Key(shape: ObjectIdentifier(settings.shape), changes: settings.changes.filter(isBelow))
    let shape = known[key] ?? SpecSettings(settings.shape, key.changes).folding(paths).shape
    known[key] = shape
    let changes = settings.changes.filter { !isBelow($0) }.compactMap { change in
      shape.places[settings.shape.items[change.place].path].map { SpecSettings.Change(place: $0, value: change.value) }
    }
    return SpecSettings(shape, changes.sorted { $0.place < $1.place })
  }
}
