import Basics
import Foundation
import Images
import Testing
import TestSupport

@testable import Runs

/// The laws of files that commands write where users say.
@Suite struct OutputFilesTests {
  private let files = LocalFileSystem()
  private let folder: TemporaryFolder
  private let mark = OutputMark.picture("draw")
  private let table = OutputMark.table("count") { $0 == ["name", "count"] }

  init() throws { folder = try TemporaryFolder() }

  private func drawn(by command: String) -> [UInt8] {
    PNG.adding(OutputMark.pictureTexts(command, version: "1"), to: PNG.encode(RGBImage(width: 1, height: 1, gray: 7)))
  }

  private func put(_ bytes: [UInt8], _ name: String) throws {
    try files.createDirectories(Path.parent(of: folder(name)))
    try AtomicFile.write(bytes, to: folder(name), in: files)
  }

  private func put(_ text: String, _ name: String) throws { try put(Array(text.utf8), name) }

  private func refusals(_ names: [String], _ mark: OutputMark, force: Bool = false, images: String? = nil) throws -> [String] {
    do {
      try OutputFiles(force: force, apartFrom: images.map { [folder($0)] } ?? [], files).check(names.map { folder($0) }, mark)
      return []
    } catch let error as Diagnostics {
      #expect(error.exitCode == .cannotCreate)
      return error.items.map(\.message)
    }
  }

  @Test func `a file is replaced by the command that wrote it, by others when forced`() throws {
    try put(drawn(by: "draw"), "own.png")
    for (name, bytes) in [
      ("other.png", drawn(by: "paint")), ("foreign.png", PNG.encode(RGBImage(width: 1, height: 1, gray: 7))),
      ("text.png", Array("precious".utf8)), ("empty.png", []), ("cut.png", Array(drawn(by: "draw").prefix(40))),
    ] {
      try put(bytes, name)
      #expect(try refusals([name], mark).count == 1, "\(name)")
      #expect(try refusals([name], mark, force: true) == [], "\(name)")
    }
    #expect(try refusals(["own.png", "new.png"], mark) == [])
  }

  @Test func `each kind of file is known again, and others that resemble it are not`() throws {
    let page = OutputMark.text("page", beginning: "<p>ours ")
    let tensors = OutputMark.tensors("record")
    try Safetensors.write([], metadata: OutputMark.writerMetadata("record"), to: folder("own.t"), in: files)
    try Safetensors.write([], metadata: ["written_by": "somebody"], to: folder("other.t"), in: files)
    let cases: [(OutputMark, own: String, others: [String])] = [
      (
        table, "name,count\n", ["name,count", "name\n", "name,count,note\n", "\"name\n", "name,count\r\nx", "\u{feff}name,count\n"]
      ),
      (table, "name,count\na,\"torn", []), (page, "<p>ours 1", ["<p>our", "<p>theirs", " <p>ours 1"]),
    ]
    for (mark, own, others) in cases {
      try put(own, "file")
      #expect(try refusals(["file"], mark) == [], "\(own)")
      for other in others where other != "name,count\r\nx" {
        try put(other, "file")
        #expect(try refusals(["file"], mark).count == 1, "\(other)")
      }
    }
    #expect(try refusals(["own.t"], tensors) == [] && refusals(["other.t"], tensors).count == 1)
    #expect(try refusals(["own.t"], table).count == 1)
  }

  @Test func `nothing of a run or a sweep is replaced, not even by force`() throws {
    for name in ["run/run.json", "run/spec.yaml", "sweep/sweep.json", "sweep/sweep.yaml"] { try put("{}", name) }
    for name in ["run/metrics.csv", "run/deep/own.png", "sweep/trials/t0001/own.png", "run/generated/foreign.png"] {
      try put(name.contains("own") ? drawn(by: "draw") : Array("x".utf8), name)
      #expect(try refusals([name], mark, force: true).count == 1, "\(name)")
    }
    try put(drawn(by: "draw"), "run/generated/own.png")
    #expect(try refusals(["run/generated/own.png", "run/new.png", "sweep/new.png"], mark) == [])
    #expect(try refusals(["run/generated/own.png"], table, force: true).count == 1)
    // However the folder is called.
    try FileManager.default.createSymbolicLink(atPath: folder("alias"), withDestinationPath: folder("run"))
    #expect(try refusals(["alias/metrics.csv", "run/deep/../metrics.csv"], table, force: true).count == 2)
    // A file of that name alone does not make a folder that of a run.
    try put("{}", "tool/run.json")
    #expect(try refusals(["tool/run.json"], mark, force: true) == [])
  }

  @Test func `links are neither replaced nor followed, and what is no file stays`() throws {
    try put(drawn(by: "draw"), "own.png")
    let manager = FileManager.default
    for (name, target) in [("link.png", "own.png"), ("dangling.png", "nowhere"), ("loop.png", "loop.png")] {
      try manager.createSymbolicLink(atPath: folder(name), withDestinationPath: target)
    }
    #expect(mkfifo(folder("pipe.png"), 0o600) == 0)
    try files.createDirectory(folder("folder.png"))
    for name in ["link.png", "dangling.png", "loop.png", "pipe.png", "folder.png"] {
      for force in [false, true] { #expect(try refusals([name], mark, force: force).count == 1, "\(name)") }
      #expect(throws: Diagnostics.self) { try OutputFiles(force: true, files).checkAppending(to: folder(name)) }
    }
    // A stranger's run must not lead anywhere else; the user's own links may.
    for name in ["run/run.json", "run/spec.yaml", "pictures/x"] { try put("{}", name) }
    try manager.createSymbolicLink(atPath: folder("run/generated"), withDestinationPath: folder("pictures"))
    try manager.createSymbolicLink(atPath: folder("mine"), withDestinationPath: folder("pictures"))
    #expect(try refusals(["run/generated/a.png"], mark, force: true).first?.contains("run/generated' is a symbolic link") == true)
    #expect(try refusals(["run/generated/deeper/a.png"], mark, force: true).count == 1)
    #expect(try refusals(["mine/a.png"], mark) == [])
  }

  @Test func `no picture gets among training images or replaces a foreign picture by something else`() throws {
    try put(drawn(by: "draw"), "icons/0.png")
    try put("run", "icons/runs/a/run.json")
    try put("run", "icons/runs/a/spec.yaml")
    for name in ["icons/0.png", "icons/new.png", "icons/sub/new.png", "icons/runs/a/new.png"] {
      #expect(try refusals([name], mark, force: true, images: "icons").count == 1, "\(name)")
    }
    #expect(try refusals(["icons/0.png"], table, force: true, images: "icons").count == 1)
    #expect(try refusals(["icons/table.csv"], table, images: "icons") == [])
    #expect(try refusals(["icons/runs/a/generated/new.png"], mark, images: "icons") == [])
    try put(PNG.encode(RGBImage(width: 1, height: 1, gray: 7)), "photo")
    #expect(try refusals(["photo"], table, force: true).count == 1)
    #expect(try refusals(["photo"], mark, force: true) == [])
  }

  @Test func `each refused file is named, and none is written`() throws {
    try put("precious", "b.png")
    try put("precious", "c.png")
    #expect(try refusals(["a.png", "b.png", "c.png"], mark).count == 2)
    #expect(throws: Diagnostics.self) { try OutputFiles(force: false, files).write(drawn(by: "draw"), to: folder("b.png"), mark) }
    #expect(try files.contents(of: folder("b.png"), limit: 100) == Array("precious".utf8))
  }

  @Test func `texts of pictures are read back, those of any language too`() throws {
    let texts = [PNGText("Software", "Fadein 1"), PNGText("fadein:run", "größe/v001"), PNGText("x", "a\u{1b}[0m\nb")]
    let png = PNG.adding(texts, to: PNG.encode(RGBImage(width: 3, height: 2, gray: 9)))
    #expect(PNGText.texts(in: png) == texts)
    #expect(try ImageFormatCatalog.decode(png) == RGBImage(width: 3, height: 2, gray: 9))
    #expect(texts[2].text == "a\\u{1B}[0m\\u{A}b")
    // Whatever the bytes are, reading ends.
    for count in 0..<png.count { _ = PNGText.texts(in: Array(png.prefix(count))) }
    var stream = RandomStream(seed: 1, name: "test.damage")
    for _ in 0..<2000 {
      var bytes = png
      bytes[stream.below(bytes.count)] = UInt8(stream.below(256))
      _ = PNGText.texts(in: bytes)
    }
  }
}
