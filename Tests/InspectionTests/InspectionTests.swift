import Basics
import Foundation
import Images
import Runs
import Testing

@testable import Inspection

@Suite struct InspectionTests {
  /// Two variants of a drawing, an enlarged one, a copy saved with other bytes, a stranger, and two that are no images.
  private static let files: [ImageSurvey] = {
    var stroked = drawing(1)
    fill(&stroked, x: 10, y: 100, width: 12, height: 3, [0, 0, 0])
    var files = [
      survey("a.png", drawing(1)), survey("b.png", stroked), survey("c.png", enlarged(drawing(1), by: 2)),
      survey("d.png", drawing(1)), survey("e.png", drawing(2, side: 96)),
    ]
    for name in ["f.png", "g.png"] { files.append(ImageSurvey(SurveyedFile(path: name, rejection: "not a PNG"), in: "")) }
    return files
  }()

  @Test func `copies, look-alikes, strangers and what is no image`() {
    let found = Inspection(Self.files, distance: 8, threads: 2)
    #expect(
      found.standings == [
        .image(group: 0), .image(group: 0), .image(group: 0), .copy(of: 0), .image(group: nil), .rejected("not a PNG"),
        .rejected("not a PNG"),
      ])
    #expect(found.groups == [LookAlikes.Group(leader: 0, members: [0, 1, 2])])
    #expect(found.copies == [3] && found.rejected == [5, 6])
    #expect(Set(found.ranking) == [0, 1, 2, 4] && found.ranking[0] == 4)
    #expect(found.irregularities[3] == found.irregularities[0] && found.irregularities[5] == nil)
  }

  @Test func `the tables for a terminal`() {
    let text = InspectionReport(Inspection(Self.files, distance: 8, threads: 1), longest: 3).text
    #expect(
      text.hasPrefix(
        """
        FILES
            7  in all
            4  different images
            1  copy of another
            2  rejected
            3  images in 1 group of look-alikes

        PROPERTY  VALUE    IMAGES
        size      128x128       3
        size      256x256       1
        size      96x96         1
        aspect    1:1           5
        color     rgb           5
        depth     8 bits        5
        alpha     no            5

        REJECTED  REASON
        f.png     not a PNG
        g.png     not a PNG

        COPY   OF
        d.png  a.png

        GROUP  IMAGES  LEADER  LOOK ALIKE
            1       3  a.png   b.png c.png

        RANK  IMAGE  IRREGULARITY  MOSTLY
           1  e.png
        """), "\(text)")
    #expect(text.hasSuffix("and 1 more\n"))
  }

  @Test func `an empty set has a report and a header`() {
    let nothing = Inspection([ImageSurvey](), distance: 8, threads: 4)
    #expect(
      InspectionReport(nothing).text
        == "FILES\n    0  in all\n    0  different images\n    0  copies of others\n    0  rejected\n    0  images in 0 groups of look-alikes\n"
    )
    #expect(InspectionCSV.text(nothing) == InspectionCSV.columns.joined(separator: ",") + "\n")
  }

  @Test func `rows of dataset.csv`() throws {
    let text = InspectionCSV.text(Inspection(Self.files, distance: 8, threads: 1))
    let table = try CSVTable(Array(text.utf8))
    #expect(table.columns == InspectionCSV.columns)
    #expect(table[column: "path"] == ["a.png", "b.png", "c.png", "d.png", "e.png", "f.png", "g.png"])
    #expect(table[column: "standing"] == ["image", "image", "image", "copy", "image", "rejected", "rejected"])
    #expect(table[column: "group"] == ["1", "1", "1", "", "", "", ""])
    #expect(table[column: "leader"] == ["a.png", "a.png", "a.png", "", "", "", ""])
    #expect(table[column: "copy_of"] == ["", "", "", "a.png", "", "", ""])
    #expect(table[column: "distance"]?[0] == "0.0" && table[column: "distance"]?[2] == "0.0")
    #expect(table[column: "reason"]?[6] == "not a PNG")
    #expect(table[column: "width"] == ["128", "128", "256", "128", "96", "", ""])
    #expect(table[column: "rank"]?[4] == "1")
    #expect(table[column: "brightness"]?[5] == "")
  }

  @Test func `neither threads nor the order of the files change a byte`() throws {
    let folder = try ScratchFolder()
    for seed: UInt64 in 1...9 { try folder.write("\(seed).png", PNG.encode(drawing(seed % 7, side: 64))) }
    try folder.write("x.png", [])
    let files = (1...9).map { SurveyedFile(path: "\($0).png") } + [SurveyedFile(path: "x.png"), SurveyedFile(path: "gone.png")]
    let text = InspectionCSV.text(Inspection(files, in: folder.path, threads: 1))
    #expect(text.contains("x.png,0,\(Digest.sha256([UInt8]())),,,,,,,rejected,empty"))
    #expect(text.contains("gone.png,,,,,,,,,rejected,not readable: No such file or directory"))
    #expect(InspectionCSV.text(Inspection(files.reversed(), in: folder.path, threads: 3)) == text)
  }

  @Test func `headers of all color types`() throws {
    func header(color: UInt8, depth: UInt8, chunk: String = "IDAT") -> ImageHeader? {
      let signature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
      let first: [UInt8] = [0, 0, 0, 13] + Array("IHDR".utf8) + [0, 0, 1, 0, 0, 0, 0, 200, depth, color, 0, 0, 0, 1, 2, 3, 4]
      let second: [UInt8] = [0, 0, 0, 2] + Array(chunk.utf8) + [0, 0, 0, 0, 0, 0]
      return ImageFormatCatalog.header(of: signature + first + second)
    }
    let found = try [0, 2, 3, 4, 6].map { try #require(header(color: $0, depth: 8)) }
    #expect(found.map { "\($0.color)" } == ["gray", "rgb", "palette", "gray+alpha", "rgb+alpha"])
    #expect(found.map(\.hasAlpha) == [false, false, false, true, true])
    #expect(found.allSatisfy { $0.width == 256 && $0.height == 200 && $0.depth == 8 })
    #expect(header(color: 3, depth: 4, chunk: "tRNS")?.hasAlpha == true)
    #expect(header(color: 3, depth: 4)?.depth == 4)
    #expect(header(color: 5, depth: 8) == nil)
    #expect(ImageFormatCatalog.header(of: []) == nil && ImageFormatCatalog.header(of: Array(repeating: 0x89, count: 40)) == nil)
  }

  @Test func `a cut or lying file never crashes the header's reader`() {
    let whole = PNG.encode(drawing(1, side: 16))
    for end in 0..<whole.count { _ = ImageFormatCatalog.header(of: Array(whole[..<end])) }
    var stream = RandomStream(seed: 1, name: "test.header")
    for _ in 0..<2000 {
      var bytes = Array(whole.prefix(80))
      for _ in 0..<4 { bytes[8 + stream.below(72)] = UInt8(stream.below(256)) }
      _ = ImageFormatCatalog.header(of: bytes)
    }
  }

  @Test func `the sheets, also of an image that is gone by then`() throws {
    let folder = try ScratchFolder()
    let names = Self.files.map(\.path)
    for (name, seed) in zip(names, [1, 1, 1, 1, 2] as [UInt64]) { try folder.write(name, PNG.encode(drawing(seed))) }
    try folder.write("f.png", [1])
    try folder.write("g.png", Array("\u{89}PNG".utf8))
    let inspection = Inspection(names.map { SurveyedFile(path: $0) }, in: folder.path, threads: 1)
    try FileManager.default.removeItem(atPath: folder.path + "/e.png")
    var pages: [String: RGBImage] = [:]
    let sheets = InspectionSheets(inspection, folder: folder.path, irregular: 3)
    let omitted = sheets.write { pages[$0] = $1 }
    #expect(omitted == 0)
    #expect(pages.keys.sorted() == ["irregular-01.png", "rejected-01.png"])
    #expect(pages["rejected-01.png"]?.width == 6 + 5 * 134)  // two rejected, three copies
  }
}
