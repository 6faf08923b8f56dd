import Images
import Runs
import Testing

@testable import Inspection

@Suite struct ThumbnailTests {
  @Test func `cells are the means of their pixels`() {
    var image = RGBImage(width: 128, height: 128, gray: 10)
    fill(&image, x: 0, y: 0, width: 1, height: 1, [50, 90, 255])
    let thumbnail = Thumbnail(image)
    #expect((0..<3).map { thumbnail.cells[$0 * 4096] } == [20, 30, 71])
    #expect(thumbnail.cells[1] == 10 && thumbnail.cells[64] == 10)
  }

  @Test(arguments: [2, 3]) func `a copy enlarged by a whole factor has the same cells`(factor: Int) {
    let image = drawing(1, side: 96)
    #expect(Thumbnail(enlarged(image, by: factor)).cells == Thumbnail(image).cells)
  }

  @Test(arguments: [(1, 1), (3, 200), (200, 3), (65, 63), (64, 64)])
  func `one color stays that color in any shape`(width: Int, height: Int) {
    let thumbnail = Thumbnail(RGBImage(width: width, height: height, gray: 77))
    #expect(thumbnail.cells.allSatisfy { $0 == 77 })
    #expect(thumbnail.grain == 0)
    #expect(thumbnail.image == RGBImage(width: 64, height: 64, gray: 77))
  }

  @Test func `the largest image there may be does not overflow`() {
    let thumbnail = Thumbnail(RGBImage(width: ImageLimits.side, height: 65, gray: 255))
    #expect(thumbnail.cells.allSatisfy { $0 == 255 } && thumbnail.luma.allSatisfy { $0 == 255 })
  }

  @Test func `a chessboard of pixels is all grain`() {
    var image = RGBImage(width: 256, height: 256, gray: 0)
    for i in 0..<256 * 256 where (i + i / 256) % 2 == 0 {
      for channel in 0..<3 { image.pixels[3 * i + channel] = 255 }
    }
    let thumbnail = Thumbnail(image)
    #expect(abs(thumbnail.grain - 127.5) < 1e-9)
    let measures = ImageMeasures(thumbnail, width: 256, height: 256)
    #expect(measures.contrast == 0 && measures.edges == 0 && measures.brightness == 128)
  }
}
