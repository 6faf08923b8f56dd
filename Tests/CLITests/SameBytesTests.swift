import Basics
import Foundation
import Images
import Runs
import Testing

/// Small experiments whose every byte is known, on every processor with AVX2 and FMA. A change of the code that should not change results
/// is compared with them, and so are the levels of instructions. `RECORD=1` writes `hashes.txt` anew, at the highest level.
struct SameBytesTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "SameBytes")

  /// Files that tell the time, the machine or the folder.
  private static let timed: Set = [
    "log.txt", "timing.csv", "run.json", "phases.csv", "events.csv", "source.yaml", "overrides.txt", "sweep.json", "workers.txt",
  ]

  /// What of a run is the same whenever and wherever it is trained, by the file's path in it.
  private static func outcome(_ run: String, in scratch: Scratch) throws -> [String: Data] {
    var files: [String: Data] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: scratch(run)) {
      let name = String(path.split(separator: "/").last ?? "")
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: scratch(run + "/" + path), isDirectory: &isFolder), !isFolder.boolValue,
        !name.hasPrefix("."), !path.contains("/claims/"), !Self.timed.contains(name)
      else { continue }
      let data = try Data(contentsOf: URL(filePath: scratch(run + "/" + path)))
      switch (path as NSString).pathExtension {
      case "safetensors": files[path] = try timeless(data, in: scratch)
      case "yaml": files[path] = placeless(data, in: scratch)
      case "png": files[path] = try pixels(data)
      default: files[path] = data
      }
    }
    return files
  }

  /// A file of tensors without the lengths of tables that hold times, without its own seal, and without the folder it was made in.
  private static func timeless(_ data: Data, in scratch: Scratch) throws -> Data {
    let length = data.prefix(8).enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
    let header = String(decoding: placeless(data.dropFirst(8).prefix(length), in: scratch), as: UTF8.self)
      .replacing(#/\\"(timing|phases)\\":[0-9]*/#, with: "")
      .replacing(#/"sha256":"[0-9a-f]*"/#, with: "")
      .replacing(#/ *$/#, with: "")
    return Data(header.utf8) + data.dropFirst(8 + length)
  }

  private static func placeless(_ data: Data, in scratch: Scratch) -> Data {
    Data(String(decoding: data, as: UTF8.self).replacing(scratch.path, with: ".").utf8)
  }

  /// A picture without its texts, which name the version of the program.
  private static func pixels(_ data: Data) throws -> Data {
    let image = try ImageFormatCatalog.decode([UInt8](data))
    return Data("\(image.width) x \(image.height)".utf8) + Data(image.pixels)
  }

  /// Makes the runs, and returns a line for each file: the level does not stand in it.
  private static func lines(level: String) throws -> [String] {
    let scratch = try Scratch()
    for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) where file.hasSuffix(".yaml") {
      try FileManager.default.copyItem(at: folder.appending(path: file), to: URL(filePath: scratch(file)))
    }
    try FileManager.default.createDirectory(atPath: scratch("icons"), withIntermediateDirectories: true)
    for number in 0..<48 {
      let name = String(format: "%04d.png", 13 * number)
      try FileManager.default.copyItem(
        at: Program.repository.appending(path: "experiments/icons/\(name)"), to: URL(filePath: scratch("icons/" + name)))
    }
    let environment = ["FADEIN_CPU": level]
    for name in ["fades", "paper", "augment", "watch", "evaluate", "wide"] {
      let outcome = try Program.run("run", name + ".yaml", "--threads", "2", in: scratch, environment: environment)
      #expect(outcome.exitCode == 0, "\(name): \(outcome.errors)")
    }
    for arguments in [
      ["run", "longer.yaml", "--threads", "1"], ["resume", "longer", "--until", "30"],
      ["generate", "paper", "--out", "paper-drawn", "--count", "3"], ["sweep", "sweep.sweep.yaml"],
    ] {
      let outcome = try Program.run(arguments, in: scratch, environment: environment)
      #expect(outcome.exitCode == 0, "\(arguments): \(outcome.errors)")
    }
    var files = try outcome("runs", in: scratch)
    for (path, data) in try outcome("paper-drawn", in: scratch) { files["paper-drawn/" + path] = data }
    return files.sorted { $0.key < $1.key }.map { "\(Digest.sha256(Array($0.value)).prefix(16)) \($0.key)" }
  }

  /// What `FADEIN_CPU` is set to: AVX2, and all that the processor has, which may be the same.
  static let levels = ["v3", "all"]

  @Test(arguments: levels) func `eight small experiments give the bytes that they gave`(level: String) throws {
    let expected = Self.folder.appending(path: "hashes.txt")
    let records = ProcessInfo.processInfo.environment["RECORD"] == "1"
    if records && level != Self.levels.last { return }
    let lines = try Self.lines(level: level)
    if records {
      try (lines.joined(separator: "\n") + "\n").write(to: expected, atomically: true, encoding: .utf8)
      Issue.record("\(lines.count) hashes are written")
      return
    }
    let known = Set(try String(contentsOf: expected, encoding: .utf8).split(separator: "\n").map(String.init))
    let (missing, new) = (known.subtracting(lines).sorted(), Set(lines).subtracting(known).sorted())
    #expect(missing.isEmpty && new.isEmpty, "was:\n\(missing.joined(separator: "\n"))\nis:\n\(new.joined(separator: "\n"))")
  }
}
