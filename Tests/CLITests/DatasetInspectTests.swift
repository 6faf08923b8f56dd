import Basics
import Foundation
import Images
import Runs
import Testing

@Suite struct DatasetInspectTests {
  /// A drawing of 48x48 that only `seed` decides on.
  private func drawing(_ seed: UInt64, gray: UInt8 = 255) -> RGBImage {
    var stream = RandomStream(seed: seed, name: "test.drawing")
    var image = RGBImage(width: 48, height: 48, gray: gray)
    for _ in 0..<10 {
      let tile = RGBImage(width: 2 + stream.below(10), height: 2 + stream.below(10), gray: UInt8(stream.below(200)))
      image.draw(tile, x: stream.below(36), y: stream.below(36))
    }
    return image
  }

  private func scratch(_ names: [String]) throws -> Scratch {
    let scratch = try Scratch()
    for (number, name) in names.enumerated() { try scratch.write(PNG.encode(drawing(UInt64(number))), to: "images/" + name) }
    return scratch
  }

  private static let oddNames = [
    "with blank.png", "with \"quotes\".png", "with 'one'.PNG", "with\nline end.png", "with, comma.png", "Äpfel-日本.png", "=1+1.png",
    "-rf.png", "sub/folder/deep.png", "a%20b.png", "\u{1b}[31mred.png",
  ]

  @Test func `names of any kind are kept in the table and harmless on a terminal`() throws {
    let scratch = try scratch(Self.oddNames)
    let outcome = try Program.run("dataset", "inspect", "images", "--out", "report", "--threads", "2", in: scratch)
    #expect((outcome.exitCode, outcome.errors) == (0, ""))
    #expect(outcome.output.hasPrefix("FILES\n   11  in all\n   11  different images\n"))
    #expect(!outcome.output.contains("\u{1b}"))
    let table = try CSVTable(Array(try scratch.text("report/dataset.csv").utf8))
    #expect(Set(try #require(table[column: "path"]).map(CSV.unguarded)) == Set(Self.oddNames))
    #expect(try scratch.names(in: "report") == ["dataset.csv", "irregular-01.png"])
    let again = try Program.run("dataset", "inspect", "images", "--out", "again", "--threads", "1", in: scratch)
    #expect(again.output == outcome.output)
    #expect(try scratch.everything(in: "again") == scratch.everything(in: "report"))
  }

  @Test func `damaged files, copies, links and folders named as images are told apart`() throws {
    let scratch = try scratch(["a.png", "b.png"])
    let whole = PNG.encode(drawing(0))
    try scratch.write(whole, to: "images/copy.png")
    try scratch.write(Array(whole.prefix(whole.count / 2)), to: "images/cut.png")
    try scratch.write([], to: "images/empty.png")
    try scratch.write("GIF89a", to: "images/other.png")
    try scratch.write(whole, to: "outside.png")
    try scratch.write("text", to: "images/notes.txt")
    let files = FileManager.default
    try files.createDirectory(atPath: scratch("images/folder.png"), withIntermediateDirectories: false)
    for (name, target) in [("out.png", scratch("outside.png")), ("broken.png", "nowhere.png"), ("loop.png", "loop.png")] {
      try files.createSymbolicLink(atPath: scratch("images/" + name), withDestinationPath: target)
    }
    try files.createSymbolicLink(atPath: scratch("images/up.png"), withDestinationPath: scratch.path)
    #expect(mkfifo(scratch("images/pipe.png"), 0o600) == 0)
    let outcome = try Program.run("dataset", "inspect", "images", "--out", "report", in: scratch)
    #expect((outcome.exitCode, outcome.errors) == (0, ""))
    let table = try CSVTable(Array(try scratch.text("report/dataset.csv").utf8))
    let reasons = Dictionary(
      uniqueKeysWithValues: table.rows.map { row in (row[0], row[9] == "rejected" ? row[10] : row[9] + " " + row[11]) })
    #expect(
      reasons == [
        "a.png": "image ", "b.png": "image ", "copy.png": "copy a.png", "cut.png": "truncated", "empty.png": "empty",
        "other.png": "a GIF, not a PNG", "folder.png": "a folder", "out.png": "a link out of the folder",
        "broken.png": "a broken link",
        "loop.png": "a broken link", "up.png": "a link to a folder", "pipe.png": "not a regular file",
      ])
    #expect(try scratch.names(in: "report").contains("rejected-01.png"))
  }

  @Test func `one image is a set`() throws {
    let scratch = try scratch(["only.png"])
    for arguments in [["inspect", "images"], ["prepare", "images", "--out", "new"], ["statistics", "images", "--out", "s"]] {
      let outcome = try Program.run(["dataset"] + arguments, in: scratch)
      #expect((outcome.exitCode, outcome.errors) == (0, ""), "\(arguments)")
    }
    #expect(try scratch.names(in: "new") == ["only.png", "prepared.csv"])
  }

  @Test func `two sets are not prepared into one folder at once`() throws {
    let scratch = try scratch(["a.png", "b.png"])
    try FileManager.default.createDirectory(atPath: scratch("new"), withIntermediateDirectories: false)
    let descriptor = open(scratch("new"), O_RDONLY | O_DIRECTORY)
    defer { close(descriptor) }
    #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
    let refused = try Program.run("dataset", "prepare", "images", "--out", "new", in: scratch)
    #expect(refused.exitCode == 73 && refused.errors.contains("another command writes into 'new'"), "\(refused.errors)")
    #expect(try scratch.names(in: "new").isEmpty)
    flock(descriptor, LOCK_UN)
    let both = try ["8", "16"].map {
      try RunningProgram(["dataset", "prepare", "images", "--out", "new", "--resolution", $0], in: scratch)
    }
    #expect(try both.map { try $0.wait().exitCode }.sorted() == [0, 73])
    #expect(try scratch.names(in: "new") == ["a.png", "b.png", "prepared.csv"])
    #expect(try ImageFormatCatalog.read(scratch("new/a.png")).width == ImageFormatCatalog.read(scratch("new/b.png")).width)
  }

  @Test(arguments: ["inspect", "statistics"]) func `files of two commands into one folder are not mixed`(command: String) throws {
    let scratch = try scratch(["a.png", "b.png"])
    try FileManager.default.createDirectory(atPath: scratch("new"), withIntermediateDirectories: false)
    let descriptor = open(scratch("new"), O_RDONLY | O_DIRECTORY)
    defer { close(descriptor) }
    #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
    let second = try RunningProgram(shell: "exec \"$FADEIN\" dataset \(command) images --out new 2>&1", in: scratch)
    try second.wait(forOutput: "waiting for another command that writes into 'new'", kills: false)
    #expect(try scratch.names(in: "new").isEmpty)
    flock(descriptor, LOCK_UN)
    #expect(try second.wait().exitCode == 0)
    #expect(try !scratch.names(in: "new").isEmpty)
  }

  @Test(arguments: ["inspect", "prepare", "statistics"])
  func `a folder that is empty, missing or no folder is an error`(command: String) throws {
    let scratch = try Scratch()
    try scratch.write("x", to: "file")
    try scratch.write("x", to: "empty/notes.txt")
    for (folder, code, words) in [
      ("empty", 65, "error: 'empty' has no PNG image"), ("missing", 66, "cannot be read: No such file or directory"),
      ("file", 66, "cannot be read: Not a directory"),
    ] {
      let outcome = try Program.run("dataset", command, folder, "--out", "new", in: scratch)
      #expect(outcome.exitCode == Int32(code) && outcome.errors.contains(words), "\(outcome.errors)")
    }
    #expect(try scratch.names() == ["empty", "file"])
  }

  @Test func `a folder of damaged files alone has a report but gives nothing`() throws {
    let scratch = try Scratch()
    try scratch.write("x", to: "images/a.png")
    #expect(try Program.run("dataset", "inspect", "images", in: scratch).exitCode == 0)
    let prepared = try Program.run("dataset", "prepare", "images", "--out", "new", in: scratch)
    #expect(prepared.exitCode == 65 && prepared.errors.contains("none of the 1 files of 'images' stays"))
    let statistics = try Program.run("dataset", "statistics", "images", "--out", "new", in: scratch)
    #expect(statistics.exitCode == 65 && statistics.errors.contains("'images' has no usable image"))
    #expect(try scratch.names() == ["images"])
  }

  @Test func `a set is prepared by the rules of a spec, an option replaces one`() throws {
    let scratch = try scratch(["a.png", "b.png", "draft-1.png"])
    for number in 1...3 {
      var variant = drawing(0)
      variant.draw(RGBImage(width: 1, height: 2, gray: UInt8(60 * number)), x: 40, y: 40)
      try scratch.write(PNG.encode(variant), to: "images/a\(number).png")
    }
    try scratch.write(PNG.encode(RGBImage(width: 9, height: 30, gray: 3)), to: "images/small.png")
    let block = "{folder: images, resolution: 8, exclude: [draft-*], near_duplicates: {distance: 9, keep: 2}, minimum_side: 10}"
    try scratch.write(
      Scratch.tinySpec.replacing("{folder: icons, resolution: 8}", with: block), to: "tiny.yaml")
    let outcome = try Program.run("dataset", "prepare", "images", "--out", "new", "--spec", "tiny.yaml", in: scratch)
    #expect((outcome.exitCode, outcome.errors) == (0, ""))
    #expect(
      outcome.lines == [
        "3 of 7 files are in new; prepared.csv has the reasons.", "2 look-alikes, 1 excluded or not usable, 1 too small",
      ])
    #expect(try scratch.names(in: "new").count == 4)
    let image = try ImageFormatCatalog.read(scratch("new/b.png"))
    #expect((image.width, image.height) == (8, 8))
    let all = try Program.run(
      "dataset", "prepare", "images", "--out", "all", "--spec", "tiny.yaml", "--keep", "9", "--resolution", "16", in: scratch)
    #expect(all.lines.first == "5 of 7 files are in all; prepared.csv has the reasons.")
    #expect(try ImageFormatCatalog.read(scratch("all/b.png")).width == 16)
    // A run takes what is there.
    let run = try Program.run("run", "tiny.yaml", "data.folder=\(scratch("all"))", "--stop-after", "1", "--quiet", in: scratch)
    #expect((run.exitCode, run.errors) == (0, ""))
  }

  @Test func `a prepared set never goes where something is`() throws {
    let scratch = try scratch(["a.png"])
    try scratch.write("x", to: "full/file")
    let full = try Program.run("dataset", "prepare", "images", "--out", "full", in: scratch)
    #expect(full.exitCode == 73 && full.errors.contains("'full' is not empty"))
    for inside in ["images/new", "images/../images/new/deep"] {
      let outcome = try Program.run("dataset", "prepare", "images", "--out", inside, in: scratch)
      #expect(outcome.exitCode == 64 && outcome.errors.contains("is inside of the images' folder"))
    }
    #expect(try scratch.names(in: "images") == ["a.png"])
  }

  @Test func `statistics of all and of some`() throws {
    let scratch = try scratch(["a.png", "b.png", "c.png"])
    let command = ["dataset", "statistics", "images", "--resolution", "16", "--of", "2", "--seed", "5", "--out"]
    let outcome = try Program.run(command + ["new"], in: scratch)
    #expect((outcome.exitCode, outcome.errors) == (0, ""))
    #expect(outcome.lines[0].hasPrefix("chosen at random: "))
    let kinds = ["deviation", "maximum", "mean", "median", "minimum", "mode"]
    #expect(
      try scratch.names(in: "new") == (kinds.flatMap { ["\($0)-of-2-seed5.png", "\($0).png"] } + ["statistics.csv"]).sorted())
    let table = try CSVTable(Array(try scratch.text("new/statistics.csv").utf8))
    #expect(table[column: "images"] == ["3", "3", "3", "2", "2", "2"])
    let again = try Program.run(command + ["again", "--threads", "3"], in: scratch)
    #expect(again.exitCode == 0)
    #expect(try scratch.everything(in: "again") == scratch.everything(in: "new"))
    let many = try Program.run("dataset", "statistics", "images", "--of", "4", "--out", "x", in: scratch)
    #expect(many.exitCode == 65 && many.errors.contains("'images' has 3 usable images, fewer than --of 4"))
  }

  @Test(arguments: [
    ["inspect", "images", "--distance", "-1"], ["inspect", "images", "--irregular", "x"], ["inspect"], ["prepare", "images"],
    ["prepare", "images", "--out", "x", "--keep", "0"], ["prepare", "images", "--out", "x", "--resolution", "100"],
    ["prepare", "images", "--out", "x", "--fit", "bend"], ["statistics", "images", "--out", "x", "--of", "0"],
  ])
  func `wrong usage ends with 64`(arguments: [String]) throws {
    #expect(try Program.run(["dataset"] + arguments, in: scratch(["a.png"])).exitCode == 64)
  }

  /// A writer that replaces files during the inspection must not do more than show in the outcome.
  @Test func `a folder that changes while it is read does no harm`() throws {
    let scratch = try scratch((0..<40).map { "\($0).png" })
    let program = try RunningProgram(["dataset", "inspect", "images", "--out", "report"], in: scratch)
    for round in 0..<20 {
      for number in stride(from: round % 2, to: 40, by: 2) {
        try? FileManager.default.removeItem(atPath: scratch("images/\(number).png"))
        if number % 3 > 0 { try scratch.write(PNG.encode(drawing(UInt64(number + round))), to: "images/\(number).png") }
      }
    }
    let outcome = try program.wait(timeoutSeconds: 120)
    #expect((outcome.exitCode, outcome.errors) == (0, "") || outcome.exitCode == 65, "\(outcome.errors)")
  }
}
