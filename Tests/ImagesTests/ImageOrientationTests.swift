import Basics
import Images
import Testing

/// A PNG's eXIf chunk says how its picture stands; whatever it says, the picture is shown as viewers show it.
@Suite struct ImageOrientationTests {
  /// Exif data with one directory that says `orientation`, after `others` entries.
  private static func exif(_ orientation: Int, isLittle: Bool, others: Int = 1) -> [UInt8] {
    func number(_ value: Int, _ count: Int) -> [UInt8] {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
      return isLittle ? bytes : bytes.reversed()
    }
    let head = (isLittle ? [0x49, 0x49] : [0x4d, 0x4d]) + number(42, 2) + number(8, 4)
    let other = (0..<others).flatMap { number(0x100 + $0, 2) + number(4, 2) + number(1, 4) + number(77, 4) }
    let entry = number(0x112, 2) + number(3, 2) + number(1, 4) + number(orientation, 2) + number(0, 2)
    return head + number(others + 1, 2) + other + entry + number(0, 4)
  }

  private static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
    let body = Array(type.utf8) + data
    return withUnsafeBytes(of: UInt32(data.count).bigEndian, Array.init) + body
      + withUnsafeBytes(of: CRC32.checksum(body).bigEndian, Array.init)
  }

  /// `image` with an eXIf chunk before or after its pixels.
  private static func png(_ image: RGBImage, exif: [UInt8], isLast: Bool = false) -> [UInt8] {
    var bytes = PNG.encode(image)
    bytes.insert(contentsOf: chunk("eXIf", exif), at: isLast ? bytes.count - 12 : 33)
    return bytes
  }

  private static let image = RGBImage(width: 3, height: 2, pixels: (0..<18).map { UInt8($0 * 10) })

  private static func mirrored(_ image: RGBImage) -> RGBImage {
    var out = image
    for y in 0..<image.height {
      for x in 0..<image.width {
        for c in 0..<3 { out.pixels[(y * image.width + x) * 3 + c] = image.pixels[(y * image.width + image.width - 1 - x) * 3 + c] }
      }
    }
    return out
  }

  /// A quarter turn to the right.
  private static func turned(_ image: RGBImage, _ times: Int) -> RGBImage {
    var image = image
    for _ in 0..<times {
      var out = RGBImage(width: image.height, height: image.width, gray: 0)
      for y in 0..<image.height {
        for x in 0..<image.width {
          for c in 0..<3 {
            out.pixels[(x * out.width + image.height - 1 - y) * 3 + c] = image.pixels[(y * image.width + x) * 3 + c]
          }
        }
      }
      image = out
    }
    return image
  }

  @Test(arguments: 1...8, [true, false])
  func `each orientation is turned upright, in either byte order, before or after the pixels`(
    orientation: Int, isLittle: Bool
  ) throws {
    // As Exif defines them: where the stored first row and column are to be seen.
    let isMirrored = [2, 4, 5, 7].contains(orientation)
    let quarters = [1: 0, 2: 0, 3: 2, 4: 2, 5: 3, 6: 1, 7: 1, 8: 3][orientation]!
    let expected = Self.turned(isMirrored ? Self.mirrored(Self.image) : Self.image, quarters)
    for isLast in [false, true] {
      let bytes = Self.png(Self.image, exif: Self.exif(orientation, isLittle: isLittle), isLast: isLast)
      #expect(try ImageFormatCatalog.decode(bytes) == expected)
      #expect(ImageFormatCatalog.orientation(of: bytes).rawValue == UInt16(orientation))
    }
    let prefixed = Self.png(Self.image, exif: Array("Exif\0\0".utf8) + Self.exif(orientation, isLittle: isLittle))
    #expect(try ImageFormatCatalog.decode(prefixed) == expected)
  }

  @Test func `what says nothing that is defined turns nothing`() throws {
    let sound = Self.exif(6, isLittle: true)
    var cases = (0..<32).map { Array(sound.prefix($0)) }
    cases += [0, 9, 65535].map { Self.exif($0, isLittle: false) }
    for (place, bytes) in [
      (0, [0x4d, 0x49]), (2, [43, 0]), (4, [0xff, 0xff, 0xff, 0xff]), (4, [0, 0, 0, 0x80]), (8, [0, 0]), (24, [4, 0]),
      (26, [2, 0, 0, 0]),
    ] as [(Int, [UInt8])] {
      var bad = sound
      bad.replaceSubrange(place..<place + bytes.count, with: bytes)
      cases.append(bad)
    }
    for (number, exif) in cases.enumerated() {
      #expect(try ImageFormatCatalog.decode(Self.png(Self.image, exif: exif)) == Self.image, "case \(number)")
    }
    var wrong = Self.png(Self.image, exif: sound)
    wrong[33 + 8 + sound.count] ^= 1
    #expect((try? ImageFormatCatalog.decode(wrong)) ?? Self.image == Self.image, "a check value that is wrong")
  }

  @Test func `any bytes in the chunk give an image, and the second chunk does not count`() throws {
    var random = RandomStream(seed: 2, name: "test.exif")
    for _ in 0..<3000 {
      var exif = Self.exif(1 + random.below(8), isLittle: random.below(2) == 0, others: random.below(4))
      for _ in 0..<1 + random.below(4) { exif[random.below(exif.count)] = UInt8(random.below(256)) }
      exif.removeLast(random.below(exif.count))
      let image = try ImageFormatCatalog.decode(Self.png(Self.image, exif: exif))
      #expect([image.width, image.height].sorted() == [2, 3])
      #expect(image.pixels.sorted() == Self.image.pixels.sorted())
    }
    var twice = Self.png(Self.image, exif: Self.exif(3, isLittle: true))
    twice.insert(contentsOf: Self.chunk("eXIf", Self.exif(6, isLittle: true)), at: twice.count - 12)
    #expect(try ImageFormatCatalog.decode(twice) == Self.turned(Self.image, 2))
  }
}
