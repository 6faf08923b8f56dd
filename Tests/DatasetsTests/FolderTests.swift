import Basics
import Foundation
import Images
import Runs
import Testing
import TestSupport

@testable import Spec
@testable import Datasets

@Suite struct FolderTests {
  @Test func `images are found in all folders in the order of their bytes`() throws {
    let folder = try TemporaryFolder()
    for name in ["b.png", "B.PNG", "a/z.Png", "a.png", "a/deep/er/x.png", "\u{e4}.png", ".hidden.png", ".git/x.png", "notes.txt"] {
      try folder.writeImage(name)
    }
    let found = try ImageFolder(path: folder.path)
    #expect(found.files.map(\.path) == ["B.PNG", "a.png", "a/deep/er/x.png", "a/z.Png", "b.png", "\u{e4}.png"])
    #expect(found.files.allSatisfy { $0.skipReason == nil })
  }

  @Test func `what is no image is skipped with a reason`() throws {
    let folder = try TemporaryFolder()
    let good = PNG.encode(RGBImage(width: 5, height: 3, gray: 7))
    try folder.write("good.png", good)
    try folder.write("text.png", Array("hello".utf8))
    try folder.write("empty.png", [])
    try folder.write("cut.png", good.dropLast(20))
    try folder.writeImage("draft_1.png")
    var wide = good
    wide.replaceSubrange(16..<20, with: [0, 0, 0x10, 1])
    try folder.write("wide.png", wide)
    try folder.writeImage("inner.png/x.png")
    try #require(mkfifo(folder.path + "/fifo.png", 0o600) == 0)

    let dataset = try Dataset.load(dataSpec(folder.path, resolution: 4, exclude: ["draft*"]), needed: 2)
    let fates = Dictionary(uniqueKeysWithValues: dataset.files.map { ($0.path, $0.skipReason?.description ?? "used") })
    #expect(
      fates == [
        "good.png": "used", "text.png": "not a PNG", "empty.png": "empty", "cut.png": "truncated",
        "draft_1.png": "excluded by 'draft*'",
        "wide.png": "larger than 4096 pixels", "inner.png": "a folder", "inner.png/x.png": "used", "fifo.png": "not a regular file",
      ])
    #expect(dataset.count == 2)
    let used = try #require(dataset.files.first { $0.path == "good.png" })
    #expect(used.byteCount == good.count && used.width == 5 && used.height == 3)
  }

  @Test func `links are followed inside the folder only`() throws {
    let folder = try TemporaryFolder()
    let outside = try TemporaryFolder()
    try folder.writeImage("a.png")
    try folder.writeImage("sub/b.png")
    try outside.writeImage("secret.png")
    let links = [
      "inside.png": folder.path + "/a.png", "outside.png": outside.path + "/secret.png", "more": outside.path,
      "self": folder.path, "loop.png": folder.path + "/loop.png", "broken.png": "nowhere.png",
    ]
    for (name, target) in links { try #require(symlink(target, folder.path + "/" + name) == 0) }
    let fates = try ImageFolder(path: folder.path).files.map { "\($0.path): \($0.skipReason?.description ?? "used")" }
    #expect(
      fates == [
        "a.png: used", "broken.png: a broken link", "inside.png: used", "loop.png: a broken link", "more: a link to a folder",
        "outside.png: a link out of the folder", "self: a link to a folder", "sub/b.png: used",
      ])
  }

  @Test func `a name that is not UTF-8 is skipped`() throws {
    let folder = try TemporaryFolder()
    let name: [CChar] = Array(folder.path.utf8CString.dropLast()) + [0x2f, -1, -2, 0x2e, 0x70, 0x6e, 0x67, 0]
    let descriptor = open(name, O_CREAT | O_WRONLY, 0o600)
    try #require(descriptor >= 0)
    close(descriptor)
    #expect(try ImageFolder(path: folder.path).files.map(\.skipReason) == [.nameNotUTF8])
  }

  @Test func `a folder that is not there is an error`() throws {
    let folder = try TemporaryFolder()
    try folder.writeImage("a.png")
    for path in [folder.path + "/none", folder.path + "/a.png"] {
      let error = #expect(throws: DatasetError.self) { try ImageFolder(path: path) }
      #expect(error?.message.contains(path) == true)
    }
  }

  @Test func `too few images are an error that counts the reasons`() throws {
    let folder = try TemporaryFolder()
    try folder.writeImage("good.png")
    for name in ["x.png", "y.png"] { try folder.write(name, [1, 2, 3]) }
    try folder.writeImage("z.png")
    let error = #expect(throws: DatasetError.self) {
      try Dataset.load(dataSpec(folder.path, resolution: 4, exclude: ["z.png"]), needed: 8)
    }
    #expect(error?.message == "'\(folder.path)' has 1 usable PNG image, a batch needs 8")
    #expect(error?.notes == ["2 skipped: not a PNG (first: x.png)", "1 skipped: excluded by 'z.png' (z.png)"])
  }

  @Test func `images that do not fit into memory are an error before they are read`() throws {
    let folder = try TemporaryFolder()
    for i in 0..<3 { try folder.writeImage("\(i).png") }
    #expect(throws: DatasetError.tooLarge(images: 3, resolution: 64, bytes: 36864, limit: 36863)) {
      try Dataset.load(dataSpec(folder.path, resolution: 64), needed: 1, memoryLimit: 36863)
    }
    #expect(try Dataset.load(dataSpec(folder.path, resolution: 64), needed: 1, memoryLimit: 36864).count == 3)
  }

  @Test(arguments: [
    ("x.png", "x.png", true), ("x.png", "a/x.png", true), ("x.png", "ax.png", false), ("*.png", "a/b.png", true),
    ("draft*", "drafts/x.png", true), ("a/*", "a/x.png", true), ("a/*", "a/b/x.png", false), ("a/*", "b/a/x.png", false),
    ("?.png", "x.png", true), ("?.png", "xy.png", false), ("[a-c]1.png", "b1.png", true), ("[!a-c]1.png", "b1.png", false),
    ("[!a-c]1.png", "d1.png", true), ("[x.png", "[x.png", true), ("*a*b*", "xxaxxbxx", true), ("*a*b", "aab", true),
    ("*", "x", true),
    ("", "x", false), ("*a*b", "ba", false), ("[]]x", "]x", true), ("\u{e4}?", "\u{e4}\u{f6}", true),
  ])
  func `a pattern matches names or paths`(pattern: String, path: String, isMatch: Bool) {
    #expect(Glob(pattern).matches(path) == isMatch)
  }

  @Test func `a pattern of many stars is fast`() {
    let pattern = String(repeating: "a*", count: 60) + "b"
    #expect(!Glob(pattern).matches(String(repeating: "a", count: 250)))
  }
}
