import Basics
import Testing
import TestSupport

@testable import Spec
@testable import Datasets

@Suite struct ContrastTests {
  @Test(arguments: fixtureLines("contrast.txt"))
  func `contrast agrees with Pillow`(_ fields: [String]) throws {
    let factor = try #require(Float(fields[0]))
    let side = try #require(Int(fields[1]))
    var image = planar(bytes(hex: fields[2]))
    image.withUnsafeMutableBufferPointer { Contrast.apply(factor: factor, to: $0, side: side) }
    #expect(image == planar(bytes(hex: fields[3])))
  }

  @Test func `it applies with its probability and draws the same numbers either way`() {
    let original = randomSamples(3 * 16)
    let contrast = Contrast(.init(factor: 1.5...2, probability: 0.25))
    var stream = RandomStream(seed: 3, name: "data.augment")
    var changed = 0
    for i in 0..<1000 {
      #expect(stream.position == UInt64(2 * i))
      var image = original
      image.withUnsafeMutableBufferPointer { contrast.apply(to: $0, side: 4, stream: &stream) }
      if image != original { changed += 1 }
    }
    #expect((200...300).contains(changed))  // 250, standard deviation 14
  }

  @Test func `a probability of zero never and of one always changes the image`() {
    let original = randomSamples(3 * 16)
    for probability in [0.0, 1.0] {
      let contrast = Contrast(.init(factor: 1.5...2, probability: probability))
      var stream = RandomStream(seed: 3, name: "data.augment")
      for _ in 0..<50 {
        var image = original
        image.withUnsafeMutableBufferPointer { contrast.apply(to: $0, side: 4, stream: &stream) }
        #expect((image != original) == (probability == 1))
      }
    }
  }
}
