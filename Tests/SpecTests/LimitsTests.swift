import Basics
import Foundation
import Testing

@testable import Spec

@Suite struct LimitsTests {
  /// What reading `text` says, and how long it takes.
  private func mistakes(_ text: String) throws -> (first: String, seconds: Double) {
    let clock = ContinuousClock()
    let start = clock.now
    let diagnostics = try #require(throws: Diagnostics.self) { try read(text) }
    let time = (clock.now - start).components
    return (diagnostics.items[0].message, Double(time.seconds) + Double(time.attoseconds) * 1e-18)
  }

  /// Refusing takes milliseconds; a parse of the whole would take minutes or gigabytes.
  private static let patience = 5.0

  @Test(arguments: [("[", 10_000), ("{a: ", 10_000), ("- ", 10_000), ("? ", 10_000), ("[\n", 500_000)])
  func `deep nesting is refused at once`(opening: String, depth: Int) throws {
    let text = String(repeating: opening, count: depth)
    let (message, seconds) = try mistakes(text)
    #expect(message == "a spec is nested 32 levels deep at most")
    #expect(seconds < Self.patience)
  }

  @Test func `32 levels are read`() throws {
    let text = String(repeating: "[", count: 32) + String(repeating: "]", count: 32)
    let document = YAMLReader.read(text, source: SourceText(file: "a", text: text))
    #expect(document.root != nil)
    #expect(document.diagnostics.isEmpty)
  }

  @Test func `too many values are refused`() throws {
    let (message, seconds) = try mistakes("[" + String(repeating: "1,\n", count: 25_000) + "]")
    #expect(message == "a spec holds 20000 values at most")
    #expect(seconds < Self.patience)
  }

  @Test func `very many mistakes are found in reasonable time`() throws {
    let text = minimalSpec + "\n" + (0..<9000).map { "key\($0): 1\n" }.joined()
    let diagnostics = try #require(throws: Diagnostics.self) { try read(text) }
    #expect(diagnostics.items.count == 9000)
    #expect(diagnostics.rendered.hasSuffix("and 8950 more"))
  }

  @Test func `a value longer than 64 KiB is refused`() throws {
    let (message, _) = try mistakes("name: " + String(repeating: "n", count: 70_000))
    #expect(message == "a value has 64 KiB at most, but this one has more")
  }

  @Test(arguments: [
    "a: &a [1]\nb: &b [*a, *a]\nc: [*b, *b]", "[*a]", "{*a : 1}", "&a b: c", "!<x> {}", "%TAG ! x\n---\na", "\"\\x00\": 1",
  ])
  func `what must not be used is refused, never followed`(text: String) {
    #expect(throws: Diagnostics.self) { try read(text) }
  }

  @Test func `a file larger than 1 MiB is not read`() throws {
    try withFile(String(repeating: "# comment\n", count: 210_000)) { path in
      let diagnostics = try #require(throws: Diagnostics.self) { try SpecFile.text(at: path) }
      #expect(diagnostics.rendered == "\(path): error: a spec may have 1 MiB at most, but this file is larger")
      #expect(diagnostics.exitCode == .badData)
    }
  }

  @Test func `what is no regular file is not read`() throws {
    try withFile("version: 1") { path in
      let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
      func message(_ path: String) throws -> (String, ExitCode) {
        let diagnostics = try #require(throws: Diagnostics.self) { try SpecFile.text(at: path) }
        return (diagnostics.items[0].message, diagnostics.exitCode)
      }
      #expect(try message(folder.path) == ("a spec must be a text file, but this is a folder", .badData))
      #expect(try message(path + "x") == ("there is no such file", .inputNotFound))
      #expect(try message(path + "/x") == ("there is no such file", .inputNotFound))
      let pipe = folder.appending(path: "pipe").path
      try #require(mkfifo(pipe, 0o600) == 0)
      #expect(try message(pipe) == ("a spec must be a text file, but this is not a regular file", .badData))
      let loop = folder.appending(path: "loop").path
      try FileManager.default.createSymbolicLink(atPath: loop, withDestinationPath: loop)
      #expect(try message(loop).1 == .ioError)
      #expect(try SpecFile.text(at: path) == "version: 1")
    }
  }

  @Test func `random bytes never do harm`() throws {
    var random = RandomStream(seed: 7, name: "fuzz")
    let valid = Array(minimalSpec.utf8)
    let pieces = [
      "[", "{", "]", "}", ":", "- ", "\n", "  ", "'", "\"", "&a ", "*a", "!", "|\n", ">", "#", "%", "? ", "\t", ",", "\u{85}", "\r",
      "0", "\\x",
    ]
    for _ in 0..<500 {
      var bytes = valid
      for _ in 0...random.below(4) {
        let at = random.below(bytes.count)
        let piece = Array(pieces[random.below(pieces.count)].utf8)
        bytes.replaceSubrange(at..<min(at + random.below(5), bytes.count), with: piece)
      }
      let text = String(decoding: bytes, as: UTF8.self)
      do {
        _ = try read(text)
      } catch {
        #expect(!error.items.isEmpty && !error.rendered.isEmpty)
      }
    }
  }

  private func withFile(_ text: String, _ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "spec.yaml")
    try text.write(to: path, atomically: true, encoding: .utf8)
    try body(path.path)
  }
}
