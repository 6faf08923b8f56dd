import Basics
import Foundation
import Images
import Runs
import Testing

@Suite struct DatasetTests {
  private let scratch: Scratch

  init() throws {
    scratch = try Scratch()
    try scratch.writeTinyExperiment()
    try scratch.write("no image", to: "icons/broken.png")
  }

  private var packs: String { scratch.cache + "/fadein/images" }

  private func packNames() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: packs).sorted() }

  private func train(_ arguments: String..., environment: [String: String] = [:]) throws -> Program.Outcome {
    try Program.run(["run", "tiny.yaml"] + arguments, in: scratch, environment: environment)
  }

  @Test(arguments: [[], ["data.augment={contrast: {}, brightness: {}, saturation: {}, horizontal_flip: {}, translation: {}}"]])
  func `the cache changes no byte of a run`(overrides: [String]) throws {
    for arguments in [["--no-cache"], ["--threads", "1"], ["--threads", "3"]] {
      let outcome = try Program.run(["run", "tiny.yaml"] + overrides + arguments, in: scratch)
      #expect((outcome.exitCode, outcome.errors) == (0, ""))
      #expect(!outcome.output.contains("cache"))
      if arguments == ["--no-cache"] { #expect(!FileManager.default.fileExists(atPath: packs)) }
    }
    let plain = try scratch.outcome("runs/tiny/v001")
    for version in 2...3 { #expect(try scratch.outcome("runs/tiny/v00\(version)") == plain, "v00\(version)") }
    // Where every image is changed afresh, all of it starts from the full size.
    #expect(try packNames().map { $0.split(separator: "-").last } == (overrides.isEmpty ? ["4.pack", "8.pack"] : ["8.pack"]))
    if !overrides.isEmpty { #expect(try Program.run("verify", "tiny", "--from", "0", in: scratch).exitCode == 0) }
  }

  @Test func `runs that start at once share one cache`() throws {
    let programs = try (0..<3).map { _ in try RunningProgram(["run", "tiny.yaml"], in: scratch) }
    for program in programs { #expect(try program.wait().exitCode == 0) }
    let outcomes = try (1...3).map { try scratch.outcome("runs/tiny/v00\($0)") }
    for outcome in outcomes { #expect(outcome == outcomes[0]) }
    #expect(try packNames().count == 2, "nothing half-written stays")
  }

  @Test func `a cache that cannot be written is one line, and a damaged one is made anew`() throws {
    try scratch.write("in the way", to: "file")
    let none = try train(environment: ["XDG_CACHE_HOME": scratch("file")])
    #expect((none.exitCode, none.errors) == (0, ""))
    #expect(none.lines.count { $0.contains("cache") } == 1)
    #expect(none.output.contains("no image cache, so the images are decoded into memory: cannot create directory"))
    #expect(try scratch.text("runs/tiny/v001/log.txt").contains("no image cache"))
    _ = try train()
    for (version, name) in zip(3..., try packNames()) {
      var bytes = try Data(contentsOf: URL(filePath: packs + "/" + name))
      bytes[bytes.count / 2] ^= 1
      try bytes.write(to: URL(filePath: packs + "/" + name))
      let outcome = try train()
      #expect((outcome.exitCode, outcome.errors) == (0, ""))
      #expect(outcome.lines.count { $0.contains("cache") } == 1)
      #expect(outcome.output.contains("the image cache '\(packs)/\(name)' is damaged and is made anew"))
      #expect(try scratch.outcome("runs/tiny/v00\(version)") == scratch.outcome("runs/tiny/v001"))
      #expect(try Data(contentsOf: URL(filePath: packs + "/" + name)) != bytes)
    }
  }

  @Test func `the copied spec of a run is checked against the images of that run`() throws {
    _ = try train()
    try FileManager.default.moveItem(atPath: scratch("runs/tiny/v001"), toPath: scratch("copied"))
    let same = try Program.run("run", "copied/spec.yaml", in: scratch)
    #expect((same.exitCode, same.errors) == (0, ""))
    #expect(try scratch.outcome("copied") == scratch.outcome("runs/tiny/v001"))
    try FileManager.default.removeItem(atPath: scratch("icons/3.png"))
    try FileManager.default.moveItem(atPath: scratch("icons/2.png"), toPath: scratch("icons/2b.png"))
    try Data(contentsOf: URL(filePath: scratch("icons/0.png"))).write(to: URL(filePath: scratch("icons/1.png")))
    let refused = try Program.run("run", "copied/spec.yaml", in: scratch)
    #expect((refused.exitCode, refused.output) == (65, ""))
    #expect(
      refused.errors == """
        error: cannot repeat 'copied': its images have changed
          note: --accept takes the images as they are, and keeps that on record
        error: image 1.png has changed
        error: image 2.png is missing
        error: image 2b.png is new
        error: image 3.png is missing

        """)
    #expect(try scratch.names(in: "runs/tiny") == ["v001"])
    let accepted = try Program.run("run", "copied/spec.yaml", "--accept", in: scratch)
    #expect((accepted.exitCode, accepted.errors) == (0, ""))
    #expect(accepted.output.contains("accepted: image 2b.png is new"))
    #expect(
      try scratch.text("runs/tiny/v002/events.csv").contains(
        ",0,accept,image 1.png has changed; image 2.png is missing; image 2b.png is new; image 3.png is missing"))
    let fresh = try train()
    #expect((fresh.exitCode, fresh.errors) == (0, ""), "the spec itself has no such list")
  }

  @Test func `preview draws originals beside changed images`() throws {
    let outcome = try Program.run(
      "dataset", "preview", "tiny.yaml", "data.augment.horizontal_flip={probability: 1}", "--count", "3", "--variants", "2",
      in: scratch)
    #expect((outcome.exitCode, outcome.errors) == (0, ""))
    #expect(outcome.output == "3 images, 2 variants each: tiny-preview.png\n")
    let sheet = try ImageFormatCatalog.read(scratch("tiny-preview.png"))
    #expect((sheet.width, sheet.height) == (2 + 64 + 12 + 64 + 2 + 64 + 2, 3 * 66 + 2))
    let again = try Program.run(
      "dataset", "preview", "tiny.yaml", "data.augment.horizontal_flip={probability: 1}", "--count", "3", "--variants", "2",
      "--out",
      "again.png", "--no-cache", in: scratch)
    #expect(again.exitCode == 0)
    #expect(try ImageFormatCatalog.read(scratch("again.png")) == sheet)
  }

  @Test func `preview without augmentation says so, and what it cannot draw it refuses`() throws {
    let plain = try Program.run("dataset", "preview", "tiny.yaml", in: scratch)
    #expect(plain.exitCode == 0 && plain.errors.contains("warning: there is no augmentation to see"))
    #expect(try Program.run("dataset", "preview", "tiny.yaml", "--count", "0", in: scratch).exitCode == 64)
    #expect(try Program.run("dataset", "preview", "tiny.yaml", "--out", "nowhere/x.png", in: scratch).exitCode != 0)
    try FileManager.default.removeItem(atPath: scratch("icons"))
    #expect(try Program.run("dataset", "preview", "tiny.yaml", in: scratch).exitCode == 66)
  }

  @Test func `a run below its own images is resumed, repeated and said once`() throws {
    try scratch.write(Scratch.tinySpec.replacing("folder: icons", with: "folder: ."), to: "tiny.yaml")
    #expect(try train("--stop-after", "7", "--runs", "made/here").exitCode == 0)
    let resumed = try Program.run("resume", "tiny", "--runs", "made/here", in: scratch)
    #expect((resumed.exitCode, resumed.errors) == (0, ""))
    let again = try train("--runs", "made/here")
    #expect((again.exitCode, again.errors) == (0, ""))
    #expect(again.lines.count { $0.contains("not searched for images (made/here/tiny/v001)") } == 1)
    #expect(try scratch.outcome("made/here/tiny/v002") == scratch.outcome("made/here/tiny/v001"))
    #expect(try scratch.text("made/here/tiny/v002/dataset.csv").split(separator: "\n").count { $0.contains(",yes,") } == 5)
  }

  @Test func `a folder of JPEGs is told as such`() throws {
    for number in 0..<3 { try scratch.write([0xff, 0xd8, 0xff, 0xe0], to: "photos/IMG_\(number).JPG") }
    let run = try train("data.folder=photos")
    #expect(run.exitCode == 65 && run.errors.contains("3 other files (first: IMG_0.JPG): only .png counts"), "\(run.errors)")
    let inspected = try Program.run("dataset", "inspect", "photos", in: scratch)
    #expect(inspected.exitCode == 65 && inspected.errors.contains("3 other files (first: IMG_0.JPG): only .png counts"))
  }

  @Test func `a run with rules for its images is the run on the prepared folder`() throws {
    try scratch.write(try Data(contentsOf: URL(filePath: scratch("icons/1.png"))).map { $0 }, to: "icons/copy.png")
    try scratch.write(PNG.encode(RGBImage(width: 3, height: 8, gray: 9)), to: "icons/small.png")
    let rules = ["data.near_duplicates={distance: 0, keep: 1}", "data.minimum_side=8"]
    for cache in [["--no-cache"], [], []] {
      let ruled = try Program.run(["run", "tiny.yaml"] + rules + cache, in: scratch)
      #expect((ruled.exitCode, ruled.errors) == (0, ""))
      #expect(ruled.output.contains("1 left out by the spec: smaller than data.minimum_side"))
    }
    for version in 2...3 { #expect(try scratch.outcome("runs/tiny/v00\(version)") == scratch.outcome("runs/tiny/v001")) }
    let list = try scratch.text("runs/tiny/v001/dataset.csv")
    #expect(list.contains(",no,a copy of '1.png'") && list.contains(",3,8,no,\"3x8, smaller than 8\""), "\(list)")
    let prepared = try Program.run(
      "dataset", "prepare", "icons", "--out", "clean", "--distance", "0", "--keep", "1", "--minimum-side", "8", in: scratch)
    #expect((prepared.exitCode, prepared.errors) == (0, ""))
    #expect(try train("data.folder=clean").exitCode == 0)
    let (one, other) = (try scratch.outcome("runs/tiny/v001"), try scratch.outcome("runs/tiny/v004"))
    for name in ["metrics.csv", "evaluations.csv", "generator.safetensors"] { #expect(one[name] == other[name], "\(name)") }
    #expect(try Program.run("verify", "tiny/v003", in: scratch).exitCode == 0)
  }

  @Test func `a cache that others can write to is one line, and a link in it is not followed`() throws {
    _ = try train()
    let plain = try scratch.outcome("runs/tiny/v001")
    try #require(chmod(scratch.cache + "/fadein", 0o777) == 0)
    let open = try train()
    #expect(open.exitCode == 0 && open.lines.count { $0.contains("others can write to it (mode 777)") } == 1, "\(open.output)")
    #expect(try scratch.outcome("runs/tiny/v002") == plain)
    try FileManager.default.moveItem(atPath: scratch.cache + "/fadein", toPath: scratch("theirs"))
    try #require(symlink(scratch("theirs"), scratch.cache + "/fadein") == 0)
    let linked = try train()
    #expect(linked.exitCode == 0 && linked.lines.count { $0.contains("symbolic link, which is not followed") } == 1)
    #expect(try scratch.outcome("runs/tiny/v003") == plain)
  }

  @Test func `bytes of paths that are not UTF-8 stay bytes`() throws {
    // A shell types what no Swift string holds.
    let script = """
      set -e
      d=$(printf 'caf\\351'); mkdir "$d"; cp -r icons "$d/"; cp tiny.yaml "$d/tiny.yaml"
      "$0" run "$d/tiny.yaml" --runs "$d/runs" --quiet --stop-after 7
      "$0" resume tiny --runs "$d/runs" --quiet
      "$0" run "$d/runs/tiny/v001/spec.yaml" --runs "$d/runs" --quiet
      cmp "$d/runs/tiny/v001/metrics.csv" "$d/runs/tiny/v002/metrics.csv"
      "$0" list --runs "$d/runs"
      "$0" run "$d/none.yaml" 2>&1 | cat
      ls
      """
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", script, Program.path]
    process.currentDirectoryURL = URL(filePath: scratch.path)
    process.environment = ProcessInfo.processInfo.environment.merging(["XDG_CACHE_HOME": scratch.cache]) { $1 }
    (process.standardOutput, process.standardError) = (output, output)
    try process.run()
    let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(process.terminationStatus == 0, "\(text)")
    #expect(text.contains("caf\\xE9/none.yaml: error: there is no such file"), "\(text)")
    #expect(!text.contains("\u{ef83}") && text.contains("tiny"))
    let names = try LocalFileSystem().list(scratch.path)
    #expect(names.count == 3 && names.contains(SystemText.decode([0x63, 0x61, 0x66, 0xe9])), "\(names)")
  }
}
