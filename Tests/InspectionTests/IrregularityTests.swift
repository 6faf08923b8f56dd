import Images
import Runs
import Testing

@testable import Inspection

@Suite struct IrregularityTests {
  private func measures(_ image: RGBImage) -> ImageMeasures {
    ImageMeasures(Thumbnail(image), width: image.width, height: image.height)
  }

  @Test func `the measures of plain images`() {
    let gray = measures(RGBImage(width: 32, height: 64, gray: 100))
    #expect(gray.brightness == 100 && gray.contrast == 0 && gray.colorfulness == 0 && gray.edges == 0 && gray.entropy == 0)
    #expect(gray.aspect == -1)
    var halves = RGBImage(width: 64, height: 64, gray: 0)
    fill(&halves, x: 32, y: 0, width: 32, height: 64, [255, 255, 255])
    let split = measures(halves)
    #expect(split.brightness == 127.5 && split.contrast == 127.5 && split.entropy == 1 && split.grain == 0)
    #expect(split.edges == 255.0 * 63 / (63 * 63))
    // All red: no spread, 0.3 of the root of 255^2 + 127.5^2.
    var red = RGBImage(width: 64, height: 64, gray: 0)
    fill(&red, x: 0, y: 0, width: 64, height: 64, [255, 0, 0])
    #expect(abs(measures(red).colorfulness - 0.3 * (255.0 * 255 + 127.5 * 127.5).squareRoot()) < 1e-9)
  }

  @Test func `the strangest image comes first, and says in what`() {
    var set = (UInt64(1)...30).map { drawing($0) }
    set.append(RGBImage(width: 128, height: 128, gray: 0))
    let found = Irregularity.of(set.map(measures))
    #expect(found.indices.max { found[$0].value < found[$1].value } == 30)
    #expect(found[30].measure == "brightness" && found[30].score < -5)
    #expect(found[..<30].allSatisfy { $0.value < found[30].value / 2 })
  }

  @Test func `in a set of equal images none is irregular, and a slight difference is slight`() {
    let set = Array(repeating: RGBImage(width: 64, height: 64, gray: 200), count: 20)
    #expect(Irregularity.of(set.map(measures)).allSatisfy { $0.value == 0 })
    let slight = Irregularity.of((set + [RGBImage(width: 64, height: 64, gray: 201)]).map(measures))
    #expect(slight[20].value < 0.5)
  }

  @Test func `one image or none is no set`() {
    #expect(Irregularity.of([]) == [])
    #expect(Irregularity.of([measures(drawing(1))]).map(\.value) == [0])
  }

  @Test func `scores do not depend on the order`() {
    let set = (UInt64(1)...9).map { measures(drawing($0)) }
    #expect(Irregularity.of(set.reversed()) == Irregularity.of(set).reversed())
  }

  @Test func `medians`() {
    #expect(Irregularity.median([3]) == 3)
    #expect(Irregularity.median([4, 1]) == 2.5)
    #expect(Irregularity.median([9, 1, 5]) == 5)
  }
}
