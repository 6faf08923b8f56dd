import Basics
import Foundation
import Images
import Runs
import Testing

@testable import Inspection

@Suite struct StatisticsTests {
  /// One set of `Fixtures/statistics.txt`, which NumPy computed (`Fixtures/make_statistics.py`).
  struct Expected: Sendable {
    let side: Int
    var images: [RGBImage] = []
    var pictures: [String: [UInt8]] = [:]
    var channels: [[Double]] = []
  }

  static let fixture: [Expected] = {
    let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/statistics.txt")
    let lines = ((try? String(contentsOf: path, encoding: .utf8)) ?? "").split(separator: "\n").map { $0.split(separator: " ") }
    var sets: [Expected] = []
    for line in lines {
      if line[0] == "set" {
        sets.append(Expected(side: Int(line[2])!))
        continue
      }
      var set = sets.removeLast()
      switch line[0] {
      case "image": set.images.append(RGBImage(width: set.side, height: set.side, pixels: bytes(line[1])))
      case "channel": set.channels.append(line.dropFirst().map { Double($0)! })
      default: set.pictures[String(line[0])] = bytes(line[1])
      }
      sets.append(set)
    }
    return sets
  }()

  private static func bytes(_ hex: Substring) -> [UInt8] {
    let digits = Array(hex)
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(String(digits[$0...$0 + 1]), radix: 16)! }
  }

  private func statistics(_ images: [RGBImage], threads: Int = 1, countBytes: Int = 1 << 20) throws -> PixelStatistics {
    try PixelStatistics(side: images[0].width, count: images.count, threads: threads, countBytes: countBytes) {
      .success(images[$0])
    }
  }

  @Test(arguments: [(1, 1 << 20), (3, 1 << 20), (2, 1), (1, 25_000)])
  func `all figures agree with NumPy, on any threads and in any bands`(threads: Int, countBytes: Int) throws {
    try #require(Self.fixture.map(\.images.count) == [1, 2, 6, 7, 40])
    for expected in Self.fixture {
      let found = try statistics(expected.images, threads: threads, countBytes: countBytes)
      #expect(found.count == expected.images.count && expected.pictures.count == 6)
      for kind in PixelStatistics.Kind.allCases {
        #expect(found.pictures[kind]?.pixels == expected.pictures[kind.rawValue], "\(kind) of \(found.count)")
      }
      #expect(found.channels.map(\.name) == ["red", "green", "blue"])
      for (channel, figures) in zip(found.channels, expected.channels) {
        for (kind, figure) in zip(PixelStatistics.Kind.allCases, figures) {
          // Both sum doubles, in different orders.
          #expect(abs(channel[kind] - figure) <= 1e-12 * max(1, abs(figure)), "\(kind) of \(channel.name)")
        }
      }
    }
  }

  @Test func `one image is its own mean, and its deviation is black`() throws {
    let image = drawing(1, side: 16)
    let found = try statistics([image])
    for kind in PixelStatistics.Kind.allCases where kind != .deviation { #expect(found.pictures[kind] == image) }
    #expect(found.pictures[.deviation] == RGBImage(width: 16, height: 16, gray: 0))
  }

  @Test func `the first image that fails ends it`() {
    struct Failure: Error, Equatable { let number: Int }
    #expect(throws: Failure(number: 2)) {
      try PixelStatistics(side: 4, count: 9, threads: 3) {
        $0 < 2 ? .success(RGBImage(width: 4, height: 4, gray: 9)) : .failure(Failure(number: $0))
      }
    }
  }

  @Test func `rows of the table`() throws {
    var table = StatisticsCSV()
    table.append(try statistics([RGBImage(width: 4, height: 4, gray: 10), RGBImage(width: 4, height: 4, gray: 13)]))
    #expect(
      table.text == """
        images,resolution,channel,mean,deviation,median,mode,minimum,maximum
        2,4,red,11.5,1.5,11.5,10.0,10.0,13.0
        2,4,green,11.5,1.5,11.5,10.0,10.0,13.0
        2,4,blue,11.5,1.5,11.5,10.0,10.0,13.0

        """)
  }

  @Test func `a random choice depends on paths and seed alone`() throws {
    let folder = try ScratchFolder()
    for number in 0..<12 { try folder.write("\(number).png", PNG.encode(RGBImage(width: 4, height: 4, gray: UInt8(number)))) }
    try folder.write("broken.png", [1, 2, 3])
    let files = (0..<12).map { SurveyedFile(path: "\($0).png") } + [SurveyedFile(path: "broken.png")]
    let set = StatisticsSet(files, in: folder.path, threads: 2)
    #expect((set.count, set.skipped) == (12, 1))
    let chosen = set.chosen(5, seed: 3).map(set.path)
    #expect(Set(chosen).count == 5)
    let reversed = StatisticsSet(files.reversed(), in: folder.path, threads: 1)
    #expect(reversed.chosen(5, seed: 3).map(reversed.path) == chosen)
    #expect(set.chosen(5, seed: 4).map(set.path) != chosen)
  }

  @Test func `an image that changes meanwhile is told`() throws {
    let folder = try ScratchFolder()
    for number in 0..<3 { try folder.write("\(number).png", PNG.encode(RGBImage(width: 4, height: 4, gray: UInt8(number)))) }
    let set = StatisticsSet((0..<3).map { SurveyedFile(path: "\($0).png") }, in: folder.path, threads: 1)
    try folder.write("1.png", PNG.encode(RGBImage(width: 4, height: 4, gray: 200)))
    #expect(throws: StatisticsSet.Changed(path: "1.png")) { try set.statistics(side: 4, threads: 1) { $0 } }
  }
}
