import Images

/// Letters of 5 x 7 pixels for the labels of contact sheets.
package enum BitmapFont {
  /// Columns from one letter to the next.
  package static let advance = 6
  /// Rows of a letter.
  package static let height = 7

  /// Writes `text` into `image`, its upper left corner at column `x` and row `y`, in a gray level. Characters that are not ASCII
  /// become a box; what reaches beyond the image is cut off.
  package static func draw(_ text: String, into image: inout RGBImage, x: Int, y: Int, gray: UInt8 = 0) {
    for (position, character) in text.enumerated() {
      let rows = glyph(character)
      for (row, bits) in rows.enumerated() {
        for column in 0..<5 where bits >> UInt8(4 - column) & 1 == 1 {
          let (px, py) = (x + position * advance + column, y + row)
          guard px >= 0 && py >= 0 && px < image.width && py < image.height else { continue }
          for channel in 0..<3 { image.pixels[(py * image.width + px) * 3 + channel] = gray }
        }
      }
    }
  }

  /// `text` on at most `columns` characters, the middle left out if need be: names differ at their ends.
  package static func fitted(_ text: String, columns: Int) -> String {
    let characters = Array(text)
    guard characters.count > columns else { return text }
    let head = max(0, columns - 2) / 2
    let tail = max(0, columns - 2 - head)
    return String(characters.prefix(head)) + ".." + String(characters.suffix(tail))
  }

  /// Seven rows from the top, five bits each, the highest on the left.
  static func glyph(_ character: Character) -> [UInt8] {
    guard let code = character.asciiValue, (0x20...0x7e).contains(code) else { return box }
    return Array(rows[(Int(code) - 0x20) * height..<(Int(code) - 0x1f) * height])
  }

  private static let box: [UInt8] = [0x1f, 0x11, 0x11, 0x11, 0x11, 0x11, 0x1f]

  /// The letters from blank to tilde, two digits a row.
  private static let rows: [UInt8] =
    drawings.split(whereSeparator: \.isWhitespace).flatMap { word -> [UInt8] in
      let digits = Array(word)
      return stride(from: 0, to: digits.count, by: 2).map { UInt8(String(digits[$0...$0 + 1]), radix: 16)! }
    }

  private static let drawings = """
    00000000000000 04040404040004 0a0a0a00000000 0a0a1f0a1f0a0a 040f140e051e04 18190204081303 0c12140815120d 0c040800000000
    02040808080402 08040202020408 0004150e150400 0004041f040400 000000000c0408 0000001f000000 00000000000c0c 00010204081000
    0e11131519110e 040c040404040e 0e11010204081f 1f02040201110e 02060a121f0202 1f101e0101110e 0608101e11110e 1f010204080808
    0e11110e11110e 0e11110f01020c 000c0c000c0c00 000c0c000c0408 02040810080402 00001f001f0000 08040201020408 0e110102040004
    0e11010d15150e 0e1111111f1111 1e11111e11111e 0e11101010110e 1c12111111121c 1f10101e10101f 1f10101e101010 0e11101711110f
    1111111f111111 0e04040404040e 0702020202120c 11121418141211 1010101010101f 111b1515111111 11111915131111 0e11111111110e
    1e11111e101010 0e11111115120d 1e11111e141211 0f10100e01011e 1f040404040404 1111111111110e 11111111110a04 1111111515150a
    11110a040a1111 1111110a040404 1f01020408101f 0e08080808080e 00100804020100 0e02020202020e 040a1100000000 0000000000001f
    08040200000000 00000e010f110f 1010161911111e 00000e1010110e 01010d1311110f 00000e111f100e 0609081c080808 000f11110f010e
    10101619111111 04000c0404040e 0200060202120c 10101214181412 0c04040404040e 00001a15151111 00001619111111 00000e1111110e
    00001e111e1010 00000d130f0101 00001619101010 00000e100e011e 08081c08080906 0000111111130d 00001111110a04 0000111115150a
    0000110a040a11 000011110f010e 00001f0204081f 02040408040402 04040404040404 08040402040408 00000815020000
    """
}
