import Basics
import Spec

/// What two resolved specs say differently.
package struct SpecDifference: Equatable, Sendable {
  /// One setting that is not the same in both.
  package struct Change: Equatable, Sendable {
    package let path: String
    /// The value in the first spec; nil when only the second one has the setting.
    package let first: String?
    /// The value in the second spec; nil when only the first one has the setting.
    package let second: String?
  }

  /// In the order of the specs.
  package let changes: [Change]

  /// The difference of two specs. A setting that only the second has comes after the one that it follows there.
  package init(_ first: SpecSettings, _ second: SpecSettings) {
    let (before, after) = (Self.values(first), Self.values(second))
    var added: [String?: [Change]] = [:]
    var neighbor: String?
    for setting in second.items {
      let path = setting.path
      if before[path] == nil {
        added[neighbor, default: []].append(Change(path: path, first: nil, second: setting.value))
      } else {
        neighbor = path
      }
    }
    var changes = added[nil] ?? []
    for setting in first.items {
      let other = after[setting.path]
      if other.map(ByteText.init) != ByteText(setting.value) {
        changes.append(Change(path: setting.path, first: setting.value, second: other))
      }
      changes += added[setting.path] ?? []
    }
    self.changes = changes
  }

  private static func values(_ settings: SpecSettings) -> [String: String] {
    Dictionary(settings.items.map { ($0.path, $0.value) }) { earlier, _ in earlier }
  }
}
