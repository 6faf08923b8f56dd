import Basics
import Foundation
import Images
import Inspection
import Runs
import Testing
import TestSupport

@testable import Spec
@testable import Datasets

/// What this program wrote below the images' folder is not taken for images.
@Suite struct OwnFoldersTests {
  private let folder: TemporaryFolder
  private let manifest = Array("{\n  \"fadein_version\" : \"0.1.0\",\n  \"format_version\" : 1\n}\n".utf8)

  init() throws {
    folder = try TemporaryFolder()
    for name in ["a.png", "sub/b.png"] { try folder.writeImage(name) }
  }

  private func found() throws -> [String] { try ImageFolder(path: folder.path).files.map(\.path) }

  @Test(arguments: ["runs/tiny/v001", "elsewhere/x/v002", "copy of a run", "sub/v001"])
  func `a run is not searched, wherever it is and whatever it is called`(place: String) throws {
    let before = try Dataset.load(dataSpec(folder.path, resolution: 4), needed: 2)
    try folder.write(place + "/run.json", manifest)
    for name in ["samples/000500.png", "generated/0000.png", "x.png"] { try folder.writeImage(place + "/" + name) }
    let after = try Dataset.load(dataSpec(folder.path, resolution: 4), needed: 2)
    #expect(after.files == before.files, "so the list of a later run is the same")
    #expect(before.notices == [])
    #expect(after.notices == ["1 place that this program wrote is not searched for images (\(place))"])
  }

  @Test func `sweeps and caches are not searched either, and all is said in one line`() throws {
    try folder.write("runs/rates/v001/sweep.json", manifest)
    try folder.writeImage("runs/rates/v001/trials/t0001/samples/000001.png")
    try folder.write("runs/tiny/v001/run.json", manifest)
    try folder.write("cache/CACHEDIR.TAG", Array("Signature: 8a477f597d28d172789f06886806bc55\n# more\n".utf8))
    try folder.writeImage("cache/thumbnail.png")
    let images = try ImageFolder(path: folder.path)
    #expect(images.files.map(\.path) == ["a.png", "sub/b.png"])
    #expect(images.notices == ["3 places that this program wrote are not searched for images (first: cache)"])
  }

  @Test func `a file of the user's that is called run.json makes no run`() throws {
    for text in ["{}", "{\"version\": 1, \"images\": []}", "not JSON"] {
      try folder.write("sub/run.json", Array(text.utf8))
      #expect(try found() == ["a.png", "sub/b.png"])
    }
    try folder.write("manifest", manifest)
    try FileManager.default.removeItem(atPath: folder.path + "/sub/run.json")
    try #require(symlink(folder.path + "/manifest", folder.path + "/sub/run.json") == 0)
    #expect(try found() == ["a.png", "sub/b.png"])
  }

  @Test func `a run's folder that the user names is searched, but not its samples`() throws {
    try folder.write("run.json", manifest)
    for name in ["samples/1.png", "generated/2.png"] { try folder.writeImage(name) }
    #expect(try found() == ["a.png", "sub/b.png"])
    #expect(try ImageFolder(path: folder.path + "/generated").files.map(\.path) == ["2.png"])
  }

  @Test func `sheets of dataset commands are no images, and pictures of such names are`() throws {
    let sheets = ["look-alikes-01.png", "irregular-01.png", "rejected-02.png", "mean.png", "mean-of-7.png"]
    for name in sheets + ["irregular-boat.png", "means.png"] { try folder.writeImage("sub/" + name) }
    #expect(try found().count == 2 + sheets.count + 2)
    try folder.write("sub/dataset.csv", Array(CSV.header(InspectionCSV.columns).utf8))
    try folder.write("sub/statistics.csv", Array(CSV.header(StatisticsCSV.columns).utf8))
    #expect(try found() == ["a.png", "sub/b.png", "sub/irregular-boat.png", "sub/means.png"])
  }

  @Test(arguments: ["dataset preview", "dataset inspect", "dataset statistics", "generate"])
  func `a sheet that says so itself is no image`(
    command: String
  ) throws {
    let picture = PNG.encode(RGBImage(width: 5, height: 4, gray: 7))
    try folder.write("preview.png", PNG.adding(OutputMark.pictureTexts(command, version: "1"), to: picture))
    let fate = command == "generate" ? nil : "a sheet that 'fadein \(command)' drew"
    let place = try TemporaryFolder()
    for cache in [nil, ImageCache(folder: place.path + "/fadein/images"), ImageCache(folder: place.path + "/fadein/images")] {
      let dataset = try Dataset.load(dataSpec(folder.path, resolution: 4), needed: 1, cache: cache)
      #expect(dataset.files.first { $0.path == "preview.png" }?.skipReason?.description == fate)
    }
  }

  @Test func `files of other formats are counted, in files that end otherwise and in those that end in png`() throws {
    for number in 0..<20 { try folder.write("IMG_\(number + 1000).JPG", [0xff, 0xd8, 0xff, 0xe0]) }
    for number in 0..<3 { try folder.write("\(number).png", [0xff, 0xd8, 0xff, 0xe0]) }
    try folder.write("notes.txt", [])
    let error = #expect(throws: DatasetError.self) { try Dataset.load(dataSpec(folder.path, resolution: 4), needed: 4) }
    #expect(
      error?.notes == ["21 other files (first: IMG_1000.JPG): only .png counts", "3 skipped: a JPEG, not a PNG (first: 0.png)"])
    let dataset = try Dataset.load(dataSpec(folder.path, resolution: 4), needed: 2)
    #expect(dataset.notices == ["20 other files (first: IMG_1000.JPG): only .png counts"])
  }

  @Test func `two spellings of one name are two images, and a folder that came back with the other one is another folder`() throws {
    let (composed, decomposed) = ("\u{e9}.png", "e\u{301}.png")
    try folder.writeImage(composed, seed: 3)
    let one = try ImageFolder(path: folder.path).files
    let before = LockedSet(try Dataset.load(dataSpec(folder.path, resolution: 4), needed: 1).files.map(DatasetRow.init))
    try folder.writeImage(decomposed, seed: 4)
    let both = try Dataset.load(dataSpec(folder.path, resolution: 4), needed: 1)
    #expect(both.count == one.count + 1)
    let rows = both.files.map(DatasetRow.init)
    #expect(LockedSet(rows).differences(from: rows) == [])
    #expect(LockedSet(rows).differences(from: rows.reversed()) == [])
    #expect(before.differences(from: rows).map { Array($0.utf8) } == [Array("\(decomposed) is new".utf8)])
    try FileManager.default.removeItem(atPath: folder.path + "/" + composed)
    let respelled = try Dataset.load(dataSpec(folder.path, resolution: 4), needed: 1).files.map(DatasetRow.init)
    let differences = before.differences(from: respelled)
    #expect(differences.count == 2)
    #expect(differences.contains { $0.hasSuffix("is missing: its name is now spelled with other bytes") })
  }
}
