extension JSONText {
  /// Levels of nesting, and keys of one object, that are looked through.
  private static let (deepest, mostKeys) = (16, 100_000)

  /// Passes over a value of any kind. An object that has a key twice is a mistake, and so is what is nested too deeply.
  mutating func skipValue(depth: Int = deepest) throws(Mistake) {
    guard depth > 0 else { throw mistake("values nested more than \(Self.deepest) deep") }
    if isNext("{") {
      try object(limit: Self.mostKeys) { (text, _) throws(Mistake) in try text.skipValue(depth: depth - 1) }
    } else if isNext("\"") {
      _ = try string()
    } else if accept("[") {
      if accept("]") { return }
      repeat { try skipValue(depth: depth - 1) } while accept(",")
      try expect("]")
    } else {
      _ = try word()
    }
  }
}

/// Texts of JSON that may come from anywhere.
package enum JSONKeys {
  /// Whether `text` is JSON in which no object has a key twice: readers differ in which of the two they take.
  package static func areUnique(in text: String) -> Bool {
    do throws(JSONText.Mistake) {
      var reader = try JSONText(Array(text.utf8))
      try reader.skipValue()
      try reader.end()
      return true
    } catch {
      return false
    }
  }
}
