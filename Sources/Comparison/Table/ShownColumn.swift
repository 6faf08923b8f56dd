import Basics

/// One column of a comparison as it is shown.
struct ShownColumn {
  /// How much a column says about which run is better. On a terminal that is too narrow, those that say least go first.
  enum Weight: Int, Comparable {
    case loss, measure, setting, circumstance, answer, name

    static func < (left: Weight, right: Weight) -> Bool { left.rawValue < right.rawValue }
  }

  let name: String
  var title: String
  let alignment: Table.Alignment
  var cells: [String]
  /// The cells in fewer characters, without what a CSV has anyway; nil when there is no such form.
  var shortCells: [String]?
  let weight: Weight

  init(
    _ name: String, title: String, _ alignment: Table.Alignment, _ cells: [String], short: [String]? = nil, weight: Weight
  ) {
    self.name = name
    self.title = title
    self.alignment = alignment
    self.cells = cells
    shortCells = short
    self.weight = weight
  }

  /// Characters of the widest cell.
  var width: Int { ([title] + cells).map(\.printable.count).max() ?? 0 }
}

extension [ShownColumn] {
  /// Characters of a line.
  var width: Int { reduce(-2) { $0 + $1.width + 2 } }

  /// Makes the columns fit into `width` characters, and returns what must be known to read them then: titles of settings are cut to
  /// their last words and names of runs to what distinguishes them; losses go, then other measures and settings; then intervals; and of
  /// the answer only what still does not fit.
  mutating func fit(_ width: Int) -> [String] {
    guard self.width > width else { return [] }
    shortenTitles()
    var notes: [String] = []
    if self.width > width, let folder = shortenNames() { notes.append("runs are in \(folder)") }
    if self.width > width, cutTexts() { notes.append("long values are cut here: --csv has them") }
    var hidden = drop(to: width) { $0.weight < .answer }
    if self.width > width, contains(where: { $0.shortCells != nil }) {
      for index in indices { self[index].cells = self[index].shortCells ?? self[index].cells }
      notes.append("intervals do not fit here: --csv has them")
    }
    hidden += drop(to: width) { $0.weight < .name }
    if !hidden.isEmpty {
      notes.append("too wide for this terminal: \(hidden.joined(separator: ", ")); choose with --columns, or write --csv")
    }
    return notes
  }

  /// Characters that a value has at most on a terminal that is too narrow.
  private static var longestValue: Int { 20 }

  /// Cuts long values of settings and circumstances. Returns whether there were any.
  private mutating func cutTexts() -> Bool {
    var isCut = false
    for index in indices where self[index].alignment == .left && self[index].weight != .name {
      for cell in self[index].cells.indices where self[index].cells[cell].count > Self.longestValue {
        self[index].cells[cell] = self[index].cells[cell].prefix(Self.longestValue - 3) + "..."
        isCut = true
      }
    }
    return isCut
  }

  /// Removes columns for which `mayGo` holds, the least and of these the last first, until the rest fits.
  private mutating func drop(to width: Int, _ mayGo: (ShownColumn) -> Bool) -> [String] {
    var dropped: [(index: Int, name: String)] = []
    var places = Array<Int>(indices)
    while self.width > width {
      let candidates = indices.filter { mayGo(self[$0]) }
      guard let least = candidates.map({ self[$0].weight }).min(), let place = candidates.last(where: { self[$0].weight == least })
      else { break }
      dropped.append((places.remove(at: place), remove(at: place).name))
    }
    return dropped.sorted { $0.index < $1.index }.map(\.name)
  }

  /// Leaves of each setting's title the last steps that no other column ends with: `WEIGHT`.
  private mutating func shortenTitles() {
    let titles = map(\.title)
    for index in indices where [.setting, .answer].contains(self[index].weight) {
      let steps = titles[index].split(separator: ".")
      let endings = steps.indices.reversed().map { steps[$0...].joined(separator: ".") }
      self[index].title =
        endings.first { ending in !titles.indices.contains { $0 != index && ("." + titles[$0]).hasSuffix("." + ending) } }
        ?? titles[index]
    }
  }

  /// Leaves of the runs' names what follows the folder that all are in, and returns that; nil when they share none.
  private mutating func shortenNames() -> String? {
    guard let index = firstIndex(where: { $0.weight == .name }), let first = self[index].cells.first else { return nil }
    var folder = first[...]
    for cell in self[index].cells { folder = folder[..<folder.commonPrefix(with: cell).endIndex] }
    guard let slash = folder.lastIndex(of: "/") else { return nil }
    let shared = first[...slash]
    for cell in self[index].cells.indices { self[index].cells[cell] = String(self[index].cells[cell].dropFirst(shared.count)) }
    return String(shared.dropLast())
  }
}

extension Substring {
  /// As much of the beginning as `other` has, too.
  fileprivate func commonPrefix(with other: String) -> Substring {
    var (here, there) = (startIndex, other.startIndex)
    while here < endIndex, there < other.endIndex, self[here] == other[there] {
      (here, there) = (index(after: here), other.index(after: there))
    }
    return self[..<here]
  }
}
