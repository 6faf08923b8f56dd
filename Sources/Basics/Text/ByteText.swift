/// A name or path as a key: equal to others only when their bytes are, while `String` takes two Unicode spellings of a text (NFC
/// and NFD) for the same. Ordered by its bytes.
package struct ByteText: Hashable, Comparable, Sendable {
  package let text: String

  /// The key for `text`.
  package init(_ text: String) { self.text = text }

  package static func == (left: ByteText, right: ByteText) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

  package static func < (left: ByteText, right: ByteText) -> Bool { left.text.utf8.lexicographicallyPrecedes(right.text.utf8) }

  package func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}
