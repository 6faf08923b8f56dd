import Foundation
import Images
import Testing

/// Images of other formats are called by their names.
@Suite struct ImageFormatTests {
  private static func box(_ brands: String) -> [UInt8] { [0, 0, 0, 28] + Array("ftyp".utf8) + Array(brands.utf8) }

  private static let heads: [(ForeignFormat, [UInt8])] = [
    (.jpeg, [0xff, 0xd8, 0xff, 0xe0, 0, 16]), (.jpeg, [0xff, 0xd8, 0xff, 0xe1]), (.gif, Array("GIF89a".utf8)),
    (.gif, Array("GIF87a".utf8)),
    (.webp, Array("RIFF".utf8) + [1, 2, 3, 4] + Array("WEBPVP8 ".utf8)), (.bmp, Array("BM".utf8) + [0x36, 9, 0, 0, 0, 0, 0, 0]),
    (.tiff, [0x49, 0x49, 0x2a, 0, 8]), (.tiff, [0x4d, 0x4d, 0, 0x2a]), (.heic, box("heic\0\0\0\0mif1heic")),
    (.heic, box("mif1\0\0\0\0mif1heic")), (.avif, box("avif\0\0\0\0avifmif1")), (.avif, box("mif1\0\0\0\0mif1avif")),
  ]

  @Test func `the first bytes tell the format, however short the file is`() {
    for (format, head) in Self.heads {
      #expect(ForeignFormat(head) == format)
      #expect(throws: ImageError.foreign(format)) { try ImageFormatCatalog.decode(head) }
      #expect(ImageError.foreign(format).description == "\(format), not a PNG")
      for count in 0..<head.count { _ = ForeignFormat(head.prefix(count)) }
    }
  }

  @Test func `text and other files are none of them`() {
    for text in ["", "hello", "BMW is a make of car", "RIFFxxxxWAVE", "GIF", "\u{89}PNG", "xxxxftypisom"] {
      #expect(ForeignFormat(Array(text.utf8)) == nil, "\(text)")
    }
    #expect(throws: ImageError.unknown) { try ImageFormatCatalog.decode(Array("hello, world".utf8)) }
  }

  @Test(arguments: [
    ("IMG_0001.JPG", true), ("a.b.jpeg", true), ("x.HEIC", true), ("jpg", false), ("x.png", false), ("x.yaml", false),
  ])
  func `names end like those of images`(name: String, isNamed: Bool) { #expect(ForeignFormat.isNamed(name) == isNamed) }

  @Test func `the catalog lists every format of the folder`() throws {
    let folder = URL(filePath: #filePath).appending(path: "../../../Sources/Images/Formats").standardized
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(ImageFormatCatalog.formats.map { "\($0).swift" }.sorted() == names.sorted())
  }

  @Test func `names end like those of images, in any case`() {
    for format in ImageFormatCatalog.formats {
      for ending in format.endings { #expect(ImageFormatCatalog.isNamed("a.b.\(ending.uppercased())")) }
    }
    for name in ["png", "a.png.txt", ".", "a."] { #expect(!ImageFormatCatalog.isNamed(name), "\(name)") }
  }
}
