extension SpecSettings.Change {
  /// The same place with another value.
  package func with(_ value: String) -> SpecSettings.Change { SpecSettings.Change(place: place, value: value) }
}

extension SpecSettings {
  /// The settings with all that is below each of `paths` as one setting there: YAML in one line.
  package func folding(_ paths: OutermostPaths) -> SpecSettings {
    var folded: [Setting] = []
    var parts: [String: [(steps: ArraySlice<String>, value: String)]] = [:]
    for item in items {
      guard let path = paths.map(holding: item.path) else {
        folded.append(item)
        continue
      }
      // It stands where its first part stood.
      if parts[path] == nil { folded.append(Setting(path: path, value: "")) }
      let steps = Substring(item.path.utf8.dropFirst(path.utf8.count + 1)).split(separator: ".").map(String.init)
      parts[path, default: []].append((steps[...], item.value))
    }
    return SpecSettings(
      folded.map { item in parts[item.path].map { Setting(path: item.path, value: Self.tree($0).flow) } ?? item })
  }

  /// Gives settings other values, each of which is at another place.
  package mutating func rename(_ values: [Change]) {
    guard !values.isEmpty else { return }
    let places = Set(values.map(\.place))
    self = SpecSettings(shape, (changes.filter { !places.contains($0.place) } + values).sorted { $0.place < $1.place })
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

  private let paths: OutermostPaths
  private var known: [Key: SpecSettings.Shape] = [:]
  /// Where the paths stand in shapes that are known.
  private var places: [ObjectIdentifier: [Int]] = [:]

  /// Folds what is below each of `paths`.
  package init(_ paths: OutermostPaths) { self.paths = paths }

  package func folded(_ settings: SpecSettings) -> SpecSettings {
    func isBelow(_ change: SpecSettings.Change) -> Bool {
      paths.map(holding: settings.shape.items[change.place].path) != nil
    }
    let key = Key(shape: ObjectIdentifier(settings.shape), changes: settings.changes.filter(isBelow))
    let shape = known[key] ?? SpecSettings(settings.shape, key.changes).folding(paths).shape
    known[key] = shape
    let changes = settings.changes.filter { !isBelow($0) }.compactMap { change in
      shape.places[settings.shape.items[change.place].path].map { SpecSettings.Change(place: $0, value: change.value) }
    }
    return SpecSettings(shape, changes.sorted { $0.place < $1.place })
  }

  /// What folded settings say at the paths: where it is, and its text.
  package func maps(of settings: SpecSettings) -> [(path: String, map: SpecSettings.Change)] {
    let items = settings.shape.items
    let found = places[ObjectIdentifier(settings.shape)] ?? items.indices.filter { paths.contains(items[$0].path) }
    places[ObjectIdentifier(settings.shape)] = found
    let changed = settings.changes.filter { paths.contains(items[$0.place].path) }
    let values = Dictionary(changed.map { ($0.place, $0.value) }) { earlier, _ in earlier }
    return found.map { (items[$0].path, SpecSettings.Change(place: $0, value: values[$0] ?? items[$0].value)) }
  }
}
