import Basics

extension ExperimentSpec {
  /// The spec in `text` in this version of the language. What need not change stays as it is written, comments too; nil when it is in
  /// this version already.
  package static func upgraded(text: String, path: String) throws(Diagnostics) -> String? {
    let text = try SpecFile.string(from: Array(text.utf8), file: path)
    let source = SourceText(file: path, text: text)
    let document = YAMLReader.read(text, source: source)
    guard document.diagnostics.isEmpty, let root = document.root else {
      throw Diagnostics(
        document.diagnostics.isEmpty ? [Diagnostic("there is nothing in this spec", file: path)] : document.diagnostics)
    }
    guard let first = FirstVersion(root), let entries = root.entries else { return nil }
    var lines = source.lines.map { String($0) }
    // From the last one to the first, so that places above stay what they are.
    for (index, entry) in entries.enumerated().reversed() {
      guard let start = entry.keyMark.position?.line else { continue }
      if entry.key == "version" {
        lines[start - 1] = lines[start - 1].replacing("1", with: "\(version)", maxReplacements: 1)
        continue
      }
      guard Node.networks.contains(entry.key), let own = entry.value.entries else { continue }
      let end = index + 1 < entries.count ? (entries[index + 1].keyMark.position?.line ?? lines.count + 1) : lines.count + 1
      upgrade(&lines, own, first.additions(to: entry.key), start: start, end: end, key: entry.key)
    }
    return lines.joined(separator: "\n") + (text.hasSuffix("\n") && lines.last != "" ? "\n" : "")
  }

  /// Characters of a line, at most, where there is a choice.
  private static let widest = 120

  /// Upgrades the map of a network, which begins in the line `start` and ends before the line `end`.
  private static func upgrade(
    _ lines: inout [String], _ own: [Node.Entry], _ added: [(key: String, value: YAMLValue)], start: Int, end: Int, key: String
  ) {
    let places = own.compactMap { $0.keyMark.position?.line }
    guard own.contains(where: { FirstVersion.gone.contains($0.key) }) || !added.isEmpty else { return }
    guard places.count == own.count, Set(places).count == places.count, !places.contains(start) else {
      // A map in one line is written anew.
      let kept = own.filter { !FirstVersion.gone.contains($0.key) }.map { (key: $0.key, value: $0.value.value) }
      let last = max(start, own.map { $0.value.lastLine }.max() ?? start)
      lines.replaceSubrange(
        start - 1..<last,
        with: YAMLValue.mapping([(key: key, value: .mapping(kept + added))]).block().split(separator: "\n").map(String.init))
      return
    }
    let indent = (own[0].keyMark.position?.column ?? 3) - 1
    let last = own.map { max($0.keyMark.position?.line ?? 0, $0.value.lastLine) }.max() ?? start
    let margin = String(repeating: " ", count: indent)
    let new = added.flatMap { key, value -> [String] in
      let line = "\(margin)\(key): \(value.flow)"
      if line.count <= widest { return [line] }
      return YAMLValue.mapping([(key: key, value: value)]).block(indent: indent).split(separator: "\n").map(String.init)
    }
    lines.insert(contentsOf: new, at: last)
    for (index, entry) in own.enumerated().reversed() where FirstVersion.gone.contains(entry.key) {
      let until = index + 1 < places.count ? places[index + 1] - 1 : last
      // Comments before the next key are its own.
      let through = min(until, max(places[index], entry.value.lastLine))
      lines.removeSubrange(places[index] - 1..<through)
    }
  }
}

extension Node {
  /// The last line of what is written here; 0 where that is not known.
  fileprivate var lastLine: Int {
    let own = mark.position?.line ?? 0
    return switch content {
    case .scalar: own
    case .sequence(let items): max(own, items.map(\.lastLine).max() ?? 0)
    case .mapping(let entries): max(own, entries.map { max($0.keyMark.position?.line ?? 0, $0.value.lastLine) }.max() ?? 0)
    }
  }
}
