import Testing

@testable import Images

@Suite struct GridTests {
  @Test func `fixed images stand above fresh ones with a wider gap between`() {
    let black = RGBImage(width: 2, height: 2, gray: 0)
    let gray = RGBImage(width: 2, height: 2, gray: 100)
    let sheet = ImageGrid(columns: 3, side: 4).compose(fixed: [black, black, black, black], fresh: [gray])
    // Three columns of 4 + 2, two rows of fixed images, one of fresh ones.
    #expect(sheet.width == 2 + 3 * 6)
    #expect(sheet.height == 2 + 3 * 6 + 6)
    let column = (0..<sheet.height).map { sheet.pixels[($0 * sheet.width + 2) * 3] }
    let white = [UInt8](repeating: 255, count: 2)
    let cell = [UInt8](repeating: 0, count: 4)
    #expect(column == white + cell + white + cell + [UInt8](repeating: 255, count: 8) + cell.map { _ in 100 } + white)
    let lastRow = (0..<sheet.width).map { sheet.pixels[(8 * sheet.width + $0) * 3] }
    #expect(lastRow == white + cell + white + [UInt8](repeating: 255, count: 12))
  }

  @Test func `an image is enlarged by repeating its pixels`() {
    let image = RGBImage(width: 2, height: 1, pixels: [1, 2, 3, 4, 5, 6])
    var sheet = RGBImage(width: 4, height: 2, gray: 9)
    sheet.draw(image, x: 0, y: 0, scale: 2)
    #expect(sheet.pixels == [1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6, 1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6])
  }

  @Test(arguments: [(7, 1), (8, 1), (16, 2), (31, 3), (256, 32)])
  func `the factor is the largest that fits`(side: Int, factor: Int) {
    let image = RGBImage(width: 8, height: 8, gray: 0)
    #expect(ImageGrid(columns: 1, side: side).compose(fixed: [image]).width == 8 * factor + 4)
  }

  @Test func `few images make a narrow sheet`() {
    let image = RGBImage(width: 8, height: 8, gray: 0)
    let sheet = ImageGrid(columns: 10, side: 8).compose(fixed: [], fresh: [image, image])
    #expect(sheet.width == 22 && sheet.height == 12)
  }

  @Test func `network output is rounded and saturated`() {
    let values: [Float] = [-1, 0, 1, 0.5] + [0.1, 1.5, .nan, .infinity] + [-.infinity, 254.5 / 255, 2 / 255, 1e30]
    let image = values.withUnsafeBufferPointer { RGBImage(planar: $0, side: 2, range: 0...1) }
    let red = stride(from: 0, to: 12, by: 3).map { image.pixels[$0] }
    let green = stride(from: 1, to: 12, by: 3).map { image.pixels[$0] }
    let blue = stride(from: 2, to: 12, by: 3).map { image.pixels[$0] }
    #expect(red == [0, 0, 255, 128])
    #expect(green == [26, 255, 0, 255])
    #expect(blue[0] == 0 && (254...255).contains(blue[1]) && blue[2] == 2 && blue[3] == 255)
  }

  @Test func `every level survives the way through a network's range`() {
    for range: ClosedRange<Float> in [0...1, -1...1] {
      for level in 0..<256 {
        let value = range.lowerBound + Float(level) / 255 * (range.upperBound - range.lowerBound)
        let image = [value, value, value].withUnsafeBufferPointer { RGBImage(planar: $0, side: 1, range: range) }
        #expect(image.pixels == [UInt8](repeating: UInt8(level), count: 3))
      }
    }
  }
}
