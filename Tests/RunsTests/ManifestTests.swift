import Basics
import Foundation
import Testing

@testable import Runs

@Suite struct ManifestTests {
  private static let pieces = [
    "\"x\"", "\"\\u0041\"", "\"\"", "1", "-1", "0", "01", "1.0", "1e3", "18446744073709551615", "9223372036854775808", "true",
    "false",
    "null", "[]", "{}", "[1]", "[1.5, 2]", "[01]", "[-0.5e-3, 1]", "[+1]", "[1.]", "[,]", "\"é\"", "nul", "", "\"a\nb\"", "- 1",
    "--1",
  ]

  /// What JSON's own decoder says.
  private func decoded(_ text: String) -> Manifest? { try? JSONDecoder().decode(Manifest.self, from: Data(text.utf8)) }

  @Test func `a manifest as it is written is read without the decoder`() throws {
    var manifest = Manifest(
      id: "a/v001", name: "a", version: 1, seed: .max, iterations: 10, created: Timestamp(milliseconds: 0), threads: 2,
      fadeinVersion: "0.1.0", specHash: "s")
    #expect(Manifest(plain: Array(manifest.text.utf8)) == manifest)
    (manifest.label, manifest.gitDirty, manifest.trial, manifest.sweep) = ("é", true, 3, "a/v001")
    (manifest.path, manifest.work) = ("/a/b", WorkShares([(4, 1), (7, 3.5e-7), (1, 1e300)]))
    #expect(Manifest(plain: Array(manifest.text.utf8)) == manifest)
  }

  @Test(arguments: 0..<40 as Range<UInt64>) func `what is read without the decoder is what it says`(seed: UInt64) throws {
    var stream = RandomStream(seed: seed, name: "manifests")
    var manifest = Manifest(
      id: "a/v001", name: "a", version: 1, seed: 7, iterations: 10, created: Timestamp(milliseconds: 0), threads: 2,
      fadeinVersion: "0.1.0", specHash: "s")
    manifest.work = WorkShares([(4, 1), (7, 3.5)])
    for _ in 0..<50 {
      // Each value in a line of its own.
      let whole = manifest.text.replacing("[\n      ", with: "[").replacing(",\n      ", with: ", ").replacing("\n    ]", with: "]")
      var lines = whole.split(separator: "\n").map(String.init)
      for _ in 0...stream.below(2) {
        let place = stream.below(lines.count)
        let piece = Self.pieces[stream.below(Self.pieces.count)]
        switch stream.below(5) {
        case 0: lines.remove(at: place)
        case 1: lines.insert(lines[place], at: place)
        case 2: lines.insert("  \"more\" : \(piece),", at: min(1, lines.count))
        default: if let colon = lines[place].firstIndex(of: ":") { lines[place] = "\(lines[place][...colon]) \(piece)," }
        }
        if lines.count < 3 { break }
      }
      let text = lines.joined(separator: "\n")
      if let plain = Manifest(plain: Array(text.utf8)) { #expect(plain == decoded(text), "\(text)") }
    }
  }
}
