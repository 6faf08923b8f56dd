import Testing

@testable import Images

@Suite struct SampleSheetTests {
  /// `count` different images of a side.
  private func images(_ count: Int, _ side: Int) -> [RGBImage] {
    (0..<count).map { number in
      RGBImage(
        width: side, height: side, pixels: (0..<side * side * 3).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ number &* 101) })
    }
  }

  @Test(arguments: [(16, 8, 4, 64), (5, 5, 8, 8), (9, 8, 16, 64), (1, 1, 4, 4)])
  func `the images of fixed latents come out as they went in`(count: Int, columns: Int, resolution: Int, largest: Int) throws {
    let fixed = images(count, resolution)
    let sheet = ImageGrid(columns: columns, side: largest).compose(fixed: fixed, fresh: images(count, resolution).reversed())
    let sample = try #require(SampleSheet(sheet, resolution: resolution, largest: largest, count: count))
    let strip = sample.strip(across: 4, down: 2, longest: 64)
    let across = min(4, count)
    for number in 0..<min(count / across, 2) * across {
      let (x, y) = (number % across * resolution, number / across * resolution)
      #expect(strip.cropped(x: x, y: y, width: resolution, height: resolution) == fixed[number])
    }
  }

  @Test func `images too large are halved until they fit, as means of their pixels`() throws {
    let plain = [RGBImage(width: 128, height: 128, gray: 77), RGBImage(width: 128, height: 128, gray: 200)]
    let sheet = ImageGrid(columns: 2, side: 128).compose(fixed: plain, fresh: plain)
    let strip = try #require(SampleSheet(sheet, resolution: 128, largest: 128, count: 2)).strip(across: 4, down: 2, longest: 32)
    #expect((strip.width, strip.height) == (64, 32))
    #expect(Set(strip.pixels) == [77, 200])
  }

  @Test func `a picture that is no such sheet is refused`() {
    let picture = RGBImage(width: 100, height: 60, gray: 0)
    #expect(SampleSheet(picture, resolution: 16, largest: 16, count: 4) == nil)
    #expect(SampleSheet(picture, resolution: 4, largest: 94, count: 16) == nil)
    #expect(SampleSheet(picture, resolution: 256, largest: 256, count: 1) == nil)
  }
}
