import Images
import Runs
import Testing

@testable import Inspection

@Suite struct SheetTests {
  @Test func `letters are drawn as they are in the font`() {
    var image = RGBImage(width: 12, height: 7, gray: 255)
    BitmapFont.draw("Ti", into: &image, x: 0, y: 0)
    let rows = (0..<7).map { y in String((0..<12).map { image.pixels[(y * 12 + $0) * 3] == 0 ? "#" : "." }) }
    #expect(
      rows == [
        "#####...#...", "..#.........", "..#....##...", "..#.....#...", "..#.....#...", "..#.....#...", "..#....###..",
      ])
  }

  @Test func `every ASCII letter has a drawing of its own, others are a box`() {
    let glyphs = (0x21...0x7e).map { BitmapFont.glyph(Character(UnicodeScalar(UInt8($0)))) }
    #expect(Set(glyphs).count == glyphs.count)
    #expect(glyphs.allSatisfy { $0.count == 7 && $0.allSatisfy { $0 < 32 } && $0.contains { $0 > 0 } })
    #expect(BitmapFont.glyph(" ") == [0, 0, 0, 0, 0, 0, 0])
    #expect(BitmapFont.glyph("ü") == BitmapFont.glyph("\n"))
  }

  @Test func `text beyond the border is cut off`() {
    var image = RGBImage(width: 4, height: 4, gray: 255)
    BitmapFont.draw("WWW", into: &image, x: -3, y: -2)
    #expect(image.width == 4)
  }

  @Test func `long names keep their ends`() {
    #expect(BitmapFont.fitted("short.png", columns: 9) == "short.png")
    #expect(BitmapFont.fitted("a-long-name-001.png", columns: 12) == "a-lon..1.png")
    #expect(BitmapFont.fitted("abcdef", columns: 2) == "..")
  }

  @Test func `lists begin in rows of their own and run on over rows and pages`() {
    let sheet = ContactSheet(columns: 3)
    #expect(sheet.pageCount([]) == 0)
    let pages = sheet.pages([2, 7, 0, 1] + Array(repeating: 1, count: 25))
    #expect(pages.map(\.count) == [24, 6])
    #expect(pages[0].prefix(5).map(\.list) == [0, 1, 1, 1, 3])
    #expect(pages[0].prefix(5).map(\.cells) == [0..<2, 0..<3, 3..<6, 6..<7, 0..<1])
  }

  @Test func `a page shows pictures, crosses and labels`() {
    let page = ContactSheet(columns: 2).page(0, of: [2, 1]) { list, index in
      ContactSheet.Cell(index == 0 ? RGBImage(width: 128, height: 64, gray: 7) : nil, label: "\(list)\(index).png", remark: "x")
    }
    #expect((page.width, page.height) == (6 + 2 * 134, 6 + 2 * 158))
    func gray(_ x: Int, _ y: Int) -> UInt8 { page.pixels[(y * page.width + x) * 3] }
    #expect(gray(6 + 5, 6 + 64) == 7 && gray(6 + 5, 6 + 10) == 255)  // in the middle of its space
    #expect(gray(140, 6) == 150 && gray(140 + 20, 6 + 5) == 225)  // the crossed box
    #expect((0..<40).contains { gray(6 + $0, 6 + 128 + 6) == 0 })  // a label
    #expect(gray(100, 160) == 190)  // the line between two lists
  }
}
