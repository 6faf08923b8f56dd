extension Unicode.Scalar {
  /// Whether a terminal or an editor may act on this scalar instead of showing it: control characters, line separators
  /// and the marks that change the direction of text.
  package var isControl: Bool {
    switch value {
    case 0..<0x20, 0x7f...0x9f, 0x061c, 0x200e...0x200f, 0x2028...0x202e, 0x2066...0x2069, 0xfeff: true
    default: false
    }
  }
}

extension String {
  /// The first 40 scalars, for quoting user text in a message or a table.
  package var shortened: String {
    guard let end = unicodeScalars.index(unicodeScalars.startIndex, offsetBy: 40, limitedBy: unicodeScalars.endIndex),
      end < unicodeScalars.endIndex
    else { return self }
    return String(unicodeScalars[..<end]) + "..."
  }

  /// The string with tabs as blanks, other controls as `\u{1B}` and bytes that are not UTF-8 as `\xE9`, safe to send to a terminal.
  package var printable: String {
    guard unicodeScalars.contains(where: { $0.isControl || SystemText.byte($0) != nil }) else { return self }
    var text = ""
    for scalar in unicodeScalars {
      if scalar == "\t" {
        text += " "
      } else if let byte = SystemText.byte(scalar) {
        text += "\\x\(String(byte, radix: 16, uppercase: true))"
      } else if scalar.isControl {
        text += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}
