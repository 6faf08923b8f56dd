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
    let upgraded =
      edited(source.lines.map { String($0) }, first, entries).joined(separator: "\n") + (text.hasSuffix("\n") ? "\n" : "")
    // What was edited line by line must say what the tree says; where lines hold too much for that, the tree itself is written.
    let again = YAMLReader.read(upgraded, source: SourceText(file: path, text: upgraded)).root?.value
    return again == first.upgraded.value ? upgraded : first.upgraded.value.block()
  }

  /// The lines with what became of the keys that are gone.
  private static func edited(_ lines: [String], _ first: FirstVersion, _ entries: [Node.Entry]) -> [String] {
    // Only keys that begin lines of their own are edited there.
    guard Set(entries.map { $0.keyMark.position?.line }).count == entries.count else { return lines }
    var lines = lines
    // From the last one to the first, so that places above stay what they are.
    for entry in entries.reversed() {
      guard let start = entry.keyMark.position?.line else { continue }
      if entry.key == "version", let place = entry.value.mark.position {
        var characters = Array(lines[place.line - 1].unicodeScalars)
        characters[place.column - 1] = "\(version)".unicodeScalars.first!
        lines[place.line - 1] = String(String.UnicodeScalarView(characters))
        continue
      }
      guard Node.networks.contains(entry.key), let own = entry.value.entries else { continue }
      upgrade(&lines, own, first.additions(to: entry.key), start: start, key: entry.key)
    }
    return lines
  }

  /// Characters of a line, at most, where there is a choice.
  private static let widest = 120

  /// Upgrades the map of a network, which begins in the line `start`.
  private static func upgrade(
    _ lines: inout [String], _ own: [Node.Entry], _ added: [(key: String, value: YAMLValue)], start: Int, key: String
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
