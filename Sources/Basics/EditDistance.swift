/// How far two words are apart, for "did you mean".
package enum EditDistance {
  /// Words longer than this are not compared: the cost grows with the product of the lengths.
  private static let longestWord = 64

  /// The fewest insertions, deletions, substitutions and swaps of neighbors that turn `a` into `b`
  /// (optimal string alignment).
  package static func between(_ a: String, _ b: String) -> Int {
    let (a, b) = (Array(a.unicodeScalars), Array(b.unicodeScalars))
    var rows = [Array(0...b.count)]
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var cost = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, rows[i - 1][j - 1] + 1) }
        row.append(cost)
      }
      rows.append(row)
    }
    return rows[a.count][b.count]
  }

  /// The candidate that `word` most likely stands for, or nil when none is near: at most a third of its letters differ, or a
  /// part of the word between underscores does so (`learning_rte` -> `rate`). The first of equals wins.
  package static func closest(to word: String, among candidates: [String]) -> String? {
    guard word.utf8.count <= longestWord else { return nil }
    let word = word.lowercased().replacing("-", with: "_")
    func nearest(to word: some StringProtocol) -> String? {
      candidates.map { (name: $0, distance: between(String(word), $0.lowercased())) }
        .filter { $0.distance <= max($0.name.count, word.count) / 3 }
        .min { $0.distance < $1.distance }?.name
    }
    if let whole = nearest(to: word) { return whole }
    let parts = word.split(separator: "_")
    guard parts.count > 1 else { return nil }
    return parts.reversed().lazy.compactMap { $0.count > 2 ? nearest(to: $0) : nil }.first
  }
}
