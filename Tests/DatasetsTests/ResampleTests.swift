import Images
import Runs
import Testing
import TestSupport

@testable import Spec
@testable import Datasets

@Suite struct ResampleTests {
  /// The reference's weights are rounded a little differently, so single levels may differ.
  @Test(arguments: fixtureLines("resample.txt"))
  func `resizing agrees with Pillow`(_ fields: [String]) throws {
    let fit = try #require(DataSpec.Fit(rawValue: fields[0]))
    let (width, height, side) = (Int(fields[1])!, Int(fields[2])!, Int(fields[3])!)
    let image = RGBImage(width: width, height: height, pixels: bytes(hex: fields[4]))
    let expected = bytes(hex: fields[5])
    let result = Resample.square(image, side: side, fit: fit)
    #expect(result.width == side && result.height == side)
    let difference = zip(result.pixels, expected).map { abs(Int($0) - Int($1)) }.max()
    #expect(try #require(difference) <= 1)
  }

  @Test func `the fixtures are there`() {
    #expect(fixtureLines("resample.txt").count == 24)
    #expect(fixtureLines("contrast.txt").count == 14)
  }

  @Test(arguments: [1, 2, 3, 5, 7, 64, 257])
  func `a plain image stays plain`(side: Int) {
    for gray: UInt8 in [0, 1, 127, 254, 255] {
      let image = RGBImage(width: 17, height: 11, gray: gray)
      #expect(Resample.square(image, side: side, fit: .squash) == RGBImage(width: side, height: side, gray: gray))
    }
  }

  @Test func `an image of the right size is untouched`() {
    let image = RGBImage(width: 9, height: 9, pixels: randomSamples(243))
    #expect(Resample.resize(image, width: 9, height: 9) == image)
  }

  @Test func `a whole reduction weighs the neighbors too`() {
    // The triangle has its base of 4 pixels around x = 1: weights 3/7, 3/7 and 1/7.
    let image = RGBImage(width: 4, height: 1, pixels: [0, 0, 0, 80, 80, 80, 160, 160, 160, 240, 240, 240])
    let result = Resample.resize(image, width: 2, height: 1)
    #expect(result.pixels == [57, 57, 57, 183, 183, 183])
  }
}
