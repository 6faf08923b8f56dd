import Basics
import Foundation

extension Override {
  /// Settings that are paths.
  private static let locations = [SpecPath(steps: ["data", "folder"])]

  /// The override with the paths in it made absolute: `~/` is the user's home, and others are seen from `folder`. Without a
  /// folder they stay as they are.
  func locating(from folder: String?) -> Override {
    guard case .set(var value) = action else { return self }
    for location in Self.locations where location.steps.starts(with: path.steps) {
      value = value.located(Array(location.steps.dropFirst(path.steps.count))[...], from: folder)
    }
    var override = self
    override.action = .set(value)
    return override
  }
}

extension Node {
  /// The node with the path at the end of `steps` made absolute.
  fileprivate func located(_ steps: ArraySlice<String>, from folder: String?) -> Node {
    var node = self
    switch content {
    case .mapping(var entries):
      guard let step = steps.first, let index = entries.firstIndex(where: { $0.key == step }) else { return self }
      entries[index].value = entries[index].value.located(steps.dropFirst(), from: folder)
      node.content = .mapping(entries)
    case .scalar(let text, let isPlain) where steps.isEmpty && !text.isEmpty:
      let isNull = isPlain && ["~", "null", "Null", "NULL"].contains(text)
      guard !isNull else { return self }
      let path = isPlain ? Path.expandingHome(text) : text
      node.content = .scalar(folder.map { ExperimentSpec.absolute(path, besides: Path.join($0, "spec")) } ?? path, isPlain: isPlain)
    default: break
    }
    return node
  }
}
