/// Names and paths of the system, which are any bytes, as text and back.
///
/// Bytes that are UTF-8 are that text. Every other byte becomes one scalar of a private-use range, U+EF80 to U+EFFF for 0x80 to
/// 0xFF, and so do the bytes of text that already has scalars of that range. So each sequence of bytes has a text of its own,
/// which can be kept in YAML, CSV and JSON, and ``encode(_:)`` gives the bytes back.
package enum SystemText {
  private static let escapes: ClosedRange<UInt32> = 0xef80...0xefff
  /// What is added to a byte.
  private static let base: UInt32 = 0xef00

  /// The byte that `scalar` stands for; nil when it is a scalar like any other.
  package static func byte(_ scalar: Unicode.Scalar) -> UInt8? {
    escapes.contains(scalar.value) ? UInt8(scalar.value - base) : nil
  }

  /// Whether `text` stands for bytes that are not UTF-8.
  package static func isEscaped(_ text: String) -> Bool { text.unicodeScalars.contains { byte($0) != nil } }

  /// The text of `bytes`.
  package static func decode(_ bytes: some Sequence<UInt8>) -> String {
    let bytes = Array(bytes)
    if let text = String(validating: bytes, as: UTF8.self), !isEscaped(text) { return text }
    var text = String.UnicodeScalarView()
    var position = 0
    while position < bytes.count {
      let (scalar, length) = scalar(in: bytes[position...])
      if let scalar, byte(scalar) == nil {
        text.append(scalar)
      } else {
        for byte in bytes[position..<position + length] { text.append(Unicode.Scalar(base + UInt32(byte))!) }
      }
      position += length
    }
    return String(text)
  }

  /// The text of the bytes before a zero.
  package static func decode(_ bytes: UnsafePointer<CChar>) -> String {
    var count = 0
    while bytes[count] != 0 { count += 1 }
    return decode(UnsafeRawBufferPointer(start: bytes, count: count))
  }

  /// The bytes of `text`.
  package static func encode(_ text: String) -> [UInt8] {
    guard isEscaped(text) else { return Array(text.utf8) }
    return text.unicodeScalars.flatMap { scalar in byte(scalar).map { [$0] } ?? Array(String(scalar).utf8) }
  }

  /// The scalar that `bytes` begin with and how many bytes it has; nil, and one, when they begin with none.
  private static func scalar(in bytes: ArraySlice<UInt8>) -> (scalar: Unicode.Scalar?, length: Int) {
    let length = bytes[bytes.startIndex] < 0x80 ? 1 : max(1, (~bytes[bytes.startIndex]).leadingZeroBitCount)
    guard length <= min(4, bytes.count), let text = String(validating: bytes.prefix(length), as: UTF8.self) else { return (nil, 1) }
    return (text.unicodeScalars.first, length)
  }
}

extension String {
  /// The bytes that this path or name stands for, and a zero: what every call to the system is given.
  package var systemBytes: [CChar] { SystemText.encode(self).map { CChar(bitPattern: $0) } + [0] }
}
