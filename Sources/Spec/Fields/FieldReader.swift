import Basics

/// What reading a spec gathers: the mistakes, and which settings they leave without a meaning.
struct FieldReader {
  /// Every setting of the kind of file that is read, to find a key that is in the wrong place.
  private let known: KnownPaths
  private(set) var diagnostics: [Diagnostic] = []
  private(set) var path: [String] = []
  /// Paths whose values are wrong; checks that depend on them are not made.
  fileprivate var failed: [[String]] = []
  /// Mistakes after which no more is looked for what was meant: fewer are shown.
  private static let mostHelped = 100

  /// A reader that has read nothing.
  init(_ known: KnownPaths = KnownPaths([])) { self.known = known }

  /// Whether it is still worth the time to look for what was meant.
  var isHelpful: Bool { diagnostics.count < Self.mostHelped }

  /// The dotted path of the setting that is being read.
  var dottedPath: String { path.joined(separator: ".") }

  /// Reads one step further down.
  mutating func descend(_ key: String, _ body: (inout FieldReader) -> Void) {
    path.append(key)
    body(&self)
    path.removeLast()
  }

  /// Takes a mistake in the setting that is being read.
  mutating func report(_ diagnostic: Diagnostic) {
    diagnostics.append(diagnostic)
    failed.append(path)
  }

  /// Reports that the setting should be something else: `schedule.batch must be ..., not 'eight'`.
  mutating func report(_ node: Node, expected: String, note: String? = nil, suggestion: String? = nil) {
    let subject = path.isEmpty ? "a spec" : dottedPath
    report(node.mark.error("\(subject) must be \(expected), not \(node.summary)", note: note, suggestion: suggestion))
  }

  /// Whether everything at `path`, below it and around it was read without mistakes.
  func isSound(_ path: String) -> Bool {
    let parts = path.split(separator: ".").map(String.init)
    return !failed.contains { zip($0, parts).allSatisfy { $0 == $1 } }
  }
}

extension FieldReader {
  /// The path of the one setting that has this key at another place: below the map that is being read, else the
  /// shortest one. Nil when several are as short.
  func knownPath(to key: String) -> String? {
    let paths = Set(known.paths.compactMap { path in path.lastIndex(of: key).map { Array(path[...$0]) } })
    let below = paths.filter { $0.count > path.count && $0.starts(with: path) }
    let candidates = below.isEmpty ? paths : below
    let shortest = candidates.filter { $0.count == candidates.map(\.count).min() }
    // Of two optimizers that have the setting, the one that is there by default.
    if shortest.count > 1 {
      let present = shortest.filter { path in !known.optional.contains { path.starts(with: $0) } }
      return present.count == 1 ? present.first?.joined(separator: ".") : nil
    }
    return shortest.count == 1 ? shortest.first?.joined(separator: ".") : nil
  }

  /// Marks the setting `key` beside the current one as unknown: it stands under a misspelled key.
  mutating func doubt(sibling key: String) { failed.append(path.dropLast() + [key]) }
}

/// The paths of all settings of a kind of file.
struct KnownPaths {
  let paths: [[String]]
  /// Those of maps that are not there unless a file says so.
  let optional: Set<[String]>

  init(_ settings: [SettingDescription]) {
    paths = settings.map(\.path)
    optional = Set(settings.filter { $0.defaultText == "none" }.map(\.path))
  }
}
