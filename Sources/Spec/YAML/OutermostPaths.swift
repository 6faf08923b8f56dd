import Basics

/// Dotted paths of maps, none of which lies below another one, to be found by what lies below them. As fast with many paths as with few.
package struct OutermostPaths: Sendable {
  /// Sorted as ``isBefore(_:_:)`` says: what lies below a path comes right behind it.
  private let sorted: [String]

  /// Those of `paths` that do not lie below another one.
  package init(_ paths: some Sequence<String>) {
    var sorted: [String] = []
    for path in paths.sorted(by: Self.isBefore) {
      if let last = sorted.last, Self.isSame(last, path) || Self.lies(path, below: last) { continue }
      sorted.append(path)
    }
    self.sorted = sorted
  }

  package var isEmpty: Bool { sorted.isEmpty }

  /// Whether this is one of the paths.
  package func contains(_ path: String) -> Bool {
    let place = sorted.partition { Self.isBefore($0, path) }
    return place < sorted.count && Self.isSame(sorted[place], path)
  }

  /// The path that `setting` lies below; nil when there is none.
  package func map(holding setting: String) -> String? {
    let place = sorted.partition { Self.isBefore($0, setting) }
    return place > 0 && Self.lies(setting, below: sorted[place - 1]) ? sorted[place - 1] : nil
  }

  /// The order of paths by their bytes, the dot before all others.
  static func isBefore(_ left: String, _ right: String) -> Bool { steps(left).lexicographicallyPrecedes(steps(right)) }

  /// Whether `path` lies below `map`.
  static func lies(_ path: String, below map: String) -> Bool {
    let rest = path.utf8.dropFirst(map.utf8.count)
    return rest.first == dot && path.utf8.starts(with: map.utf8)
  }

  private static func isSame(_ left: String, _ right: String) -> Bool { left.utf8.elementsEqual(right.utf8) }

  private static let dot = UInt8(ascii: ".")

  private static func steps(_ path: String) -> some Sequence<UInt8> { path.utf8.lazy.map { $0 == dot ? 0 : $0 } }
}

/// The paths of all settings of some specs, to be asked for what is a map there.
package struct SettingPaths: Sendable {
  private let sorted: [String]

  /// The paths of the settings of `shapes`.
  package init(_ shapes: some Sequence<SpecSettings.Shape>) {
    var paths: Set<ByteText> = []
    for shape in shapes { paths.formUnion(shape.items.lazy.map { ByteText($0.path) }) }
    sorted = paths.map(\.text).sorted(by: OutermostPaths.isBefore)
  }

  /// Whether there are settings below `path`: it is a map that is not empty, or a list of such.
  package func hasSettings(below path: String) -> Bool {
    let place = sorted.partition { !OutermostPaths.isBefore(path, $0) }
    return place < sorted.count && OutermostPaths.lies(sorted[place], below: path)
  }
}

extension Array {
  /// How many of these elements are as `isFirst` says; all of those come first.
  fileprivate func partition(_ isFirst: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = low + (high - low) / 2
      if isFirst(self[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
