import Basics
import Images
import Runs
import Testing
import TestSupport

@testable import Spec
@testable import Datasets

@Suite struct AugmentationTests {
  /// Every augmentation that changes images for certain, with the blocks that it takes.
  static let all: [(name: String, augmentation: any Augmentation, blocks: Int)] = every(1)

  private static func every(_ probability: Double) -> [(name: String, augmentation: any Augmentation, blocks: Int)] {
    [
      ("contrast", Contrast(.init(factor: 1.5...2, probability: probability)), 2),
      ("brightness", Brightness(.init(factor: 0.5...0.8, probability: probability)), 2),
      ("saturation", Saturation(.init(factor: 0...0.5, probability: probability)), 2),
      ("horizontal_flip", HorizontalFlip(.init(probability: probability)), 1),
      ("translation", Translation(.init(distance: 0.5, probability: probability)), 3),
    ]
  }

  private func changed(_ original: [UInt8], _ change: (UnsafeMutableBufferPointer<UInt8>) -> Void) -> [UInt8] {
    var image = original
    image.withUnsafeMutableBufferPointer { change($0) }
    return image
  }

  @Test(arguments: fixtureLines("brightness.txt"))
  func `brightness agrees with Pillow`(_ fields: [String]) throws {
    let factor = try #require(Float(fields[0]))
    #expect(changed(planar(bytes(hex: fields[2]))) { Brightness.apply(factor: factor, to: $0) } == planar(bytes(hex: fields[3])))
  }

  @Test(arguments: fixtureLines("saturation.txt"))
  func `saturation agrees with Pillow`(_ fields: [String]) throws {
    let (factor, side) = (try #require(Float(fields[0])), try #require(Int(fields[1])))
    #expect(
      changed(planar(bytes(hex: fields[2]))) { Saturation.apply(factor: factor, to: $0, side: side) }
        == planar(bytes(hex: fields[3])))
  }

  @Test func `a flip mirrors every row and two are none`() {
    let original = randomSamples(3 * 25)
    let once = changed(original) { HorizontalFlip.apply(to: $0, side: 5) }
    for row in 0..<15 { #expect(Array(once[row * 5..<row * 5 + 5]) == original[row * 5..<row * 5 + 5].reversed()) }
    #expect(changed(once) { HorizontalFlip.apply(to: $0, side: 5) } == original)
  }

  @Test(arguments: [(0, 0), (1, 0), (-1, 0), (0, 2), (0, -2), (3, -4), (-4, 4)])
  func `a translation moves every pixel and repeats the border`(right: Int, down: Int) {
    let original = randomSamples(3 * 25)
    let moved = changed(original) { Translation.apply(right: right, down: down, to: $0, side: 5) }
    for channel in 0..<3 {
      for y in 0..<5 {
        for x in 0..<5 {
          let (fromX, fromY) = (min(4, max(0, x - right)), min(4, max(0, y - down)))
          #expect(moved[channel * 25 + y * 5 + x] == original[channel * 25 + fromY * 5 + fromX])
        }
      }
    }
  }

  @Test func `a translation reaches every shift up to its distance and no other`() {
    // One white pixel in the middle of black: it tells where the image went.
    let original = (0..<3 * 81).map { $0 % 81 == 40 ? UInt8(255) : 0 }
    let translation = Translation(.init(distance: 0.25, probability: 1))  // two pixels of nine
    var stream = RandomStream(seed: 4, name: "data.augment")
    var seen: [Int: Int] = [:]
    for _ in 0..<2500 {
      let image = changed(original) { translation.apply(to: $0, side: 9, stream: &stream) }
      seen[image.firstIndex(of: 255)!, default: 0] += 1
    }
    let expected = (-2...2).flatMap { y in (-2...2).map { x in (4 + y) * 9 + 4 + x } }
    #expect(Set(seen.keys) == Set(expected))
    #expect(seen.values.allSatisfy { (60...140).contains($0) })  // 100, standard deviation 10
  }

  @Test(arguments: all.map(\.name))
  func `it applies with its probability and draws the same numbers either way`(_ name: String) throws {
    let (_, augmentation, blocks) = try #require(Self.every(0.25).first { $0.name == name })
    let original = randomSamples(3 * 256)
    var stream = RandomStream(seed: 3, name: "data.augment")
    var count = 0
    for i in 0..<1000 {
      #expect(stream.position == UInt64(blocks * i))
      let image = changed(original) { augmentation.apply(to: $0, side: 16, stream: &stream) }
      if image != original { count += 1 }
    }
    #expect((200...300).contains(count))  // 250, standard deviation 14
  }

  @Test(arguments: all.map(\.name), [0.0, 1.0])
  func `a probability of zero never and of one always changes the image`(_ name: String, probability: Double) throws {
    let augmentation = try #require(Self.every(probability).first { $0.name == name }).augmentation
    let original = randomSamples(3 * 256)
    var stream = RandomStream(seed: 5, name: "data.augment")
    let images = (0..<50).map { _ in changed(original) { augmentation.apply(to: $0, side: 16, stream: &stream) } }
    // A translation by nothing is one of 289.
    #expect(images.count { $0 != original } >= (probability == 1 ? 48 : 0))
    if probability == 0 { #expect(images.allSatisfy { $0 == original }) }
  }

  @Test func `the sheet shows originals on the left and the same sheet for the same seed`() {
    let dataset = randomDataset(count: 6, side: 8)
    let augment = [Choice(HorizontalFlip.self, .init(probability: 1))]
    let sheet = AugmentationSheet(dataset, augment, seed: 3).image(count: 4, variants: 2, side: 16)
    // Twice as large, gutters of 2 around and between, 12 between the two parts.
    #expect((sheet.width, sheet.height) == (2 + 16 + 12 + 16 + 2 + 16 + 2, 4 * 18 + 2))
    for row in 0..<4 {
      let (left, right) = (cell(sheet, 2, row), cell(sheet, 30, row))
      #expect((0..<6).contains { index in dataset.withImage(index) { Array($0) } == left }, "row \(row)")
      #expect(right == changed(left) { HorizontalFlip.apply(to: $0, side: 8) })
      #expect(cell(sheet, 48, row) == right)
    }
    #expect(AugmentationSheet(dataset, augment, seed: 3).image(count: 4, variants: 2, side: 16) == sheet)
    #expect(AugmentationSheet(dataset, augment, seed: 4).image(count: 4, variants: 2, side: 16) != sheet)
    #expect(AugmentationSheet(dataset, augment, seed: 3).image(count: 99, variants: 1, side: 8).height == 6 * 10 + 2)
  }

  /// The samples of the cell at column `x` in a row of the sheet, `[3, 8, 8]`.
  private func cell(_ sheet: RGBImage, _ x: Int, _ row: Int) -> [UInt8] {
    (0..<3 * 64).map { place in
      let (channel, y, column) = (place / 64, place % 64 / 8, place % 8)
      return sheet.pixels[((2 + row * 18 + 2 * y) * sheet.width + x + 2 * column) * 3 + channel]
    }
  }
}
