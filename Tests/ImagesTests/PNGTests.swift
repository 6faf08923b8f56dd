import Foundation
import Testing
import TestSupport

@testable import Images

@Suite struct PNGTests {
  @Test func `the fixtures cover every color type, depth and interlacing`() {
    #expect(PNGFixture.all.count == 52)
  }

  @Test(arguments: PNGFixture.all)
  func `every kind of PNG decodes to the expected colors`(_ fixture: PNGFixture) throws {
    let image = try ImageFormatCatalog.decode(fixture.file)
    #expect(image.width == fixture.width && image.height == fixture.height)
    #expect(image.pixels == fixture.pixels)
  }

  @Test(arguments: [(1, 1), (7, 5), (13, 101), (251, 3)])
  func `encoding and decoding gives the image back`(width: Int, height: Int) throws {
    let image = randomImage(width, height)
    #expect(try ImageFormatCatalog.decode(PNG.encode(image)) == image)
  }

  @Test func `gray levels become equal red, green and blue`() throws {
    let levels = (0..<35).map { UInt8($0 * 7) }
    let image = try ImageFormatCatalog.decode(PNG.encode(gray: levels, width: 7, height: 5))
    #expect(image.pixels == levels.flatMap { [$0, $0, $0] })
  }

  @Test func `all 16-bit levels are rounded to the nearest 8-bit level`() throws {
    var rows: [UInt8] = []
    for high in 0..<256 { rows += [0] + (0..<256).flatMap { [UInt8(high), UInt8($0)] } }
    let file = pngSignature + pngHeader(256, 256, depth: 16, color: 0) + pngChunk("IDAT", zlibStored(rows)) + pngChunk("IEND", [])
    let image = try ImageFormatCatalog.decode(file)
    let isRounded = (0..<65536).allSatisfy { value in
      image.pixels[3 * value] == UInt8((Double(value) * 255 / 65535).rounded())
    }
    #expect(isRounded)
  }

  @Test func `a file is read from its path`() throws {
    let image = randomImage(11, 6)
    try withTemporaryFolder { folder in
      let path = folder + "/ein bild \u{e4}.png"
      try Data(PNG.encode(image)).write(to: URL(filePath: path))
      #expect(try ImageFormatCatalog.read(path) == image)
    }
  }
}
