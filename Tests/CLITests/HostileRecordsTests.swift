import Basics
import Foundation
import Testing

/// A run's folder from somebody else, whose records say what no run has written: every command that reads it answers in words, with a
/// documented code, and none crashes, hangs or prints what a terminal acts on.
@Suite struct HostileRecordsTests {
  static let commands: [[String]] = [
    ["list"], ["list", "--json"], ["verify", "tiny", "--threads", "1"], ["resume", "tiny", "--threads", "1", "--quiet"],
    ["resume", "tiny", "--until", "14", "--threads", "1"], ["generate", "tiny", "--count", "1"],
    ["evaluate", "tiny", "--images", "4"],
    ["compare", "tiny"], ["why", "tiny/v001", "tiny/v002"], ["report", "tiny", "--out", "report.html"],
    ["run", "tiny.yaml", "name=child", "--from", "tiny", "--stop-after", "1", "--quiet"],
    ["run", "tiny.yaml", "--resume-or-start", "--stop-after", "8", "--threads", "1"],
  ]

  static let files = ["run.json", "events.csv", "phases.csv", "timing.csv", "metrics.csv", "dataset.csv"]

  /// Numbers that sums, products and conversions stumble over.
  static let numbers = [
    "-1", "0", "9223372036854775807", "-9223372036854775808", "18446744073709551616", "1e308", "-1e308", "nan", "inf", "1e-400",
    "0x1p2000",
    "", "\u{1b}[2J", "\u{202e}", String(repeating: "9", count: 400),
  ]

  @Test(arguments: files)
  func `whatever a file of a run says, every command answers`(file: String) throws {
    let scratch = try Scratch()
    try scratch.writeTinyExperiment()
    #expect(try Program.run("run", "tiny.yaml", "--quiet", "--stop-after", "7", in: scratch).exitCode == 0)
    try FileManager.default.copyItem(atPath: scratch("runs/tiny/v001"), toPath: scratch("runs/tiny/v002"))
    let path = "runs/tiny/v002/" + file
    let text = try scratch.text(path)
    var random = RandomStream(seed: 11, name: file)
    for command in Self.commands {
      try FileManager.default.removeItem(atPath: scratch("runs/tiny/v002"))
      try FileManager.default.copyItem(atPath: scratch("runs/tiny/v001"), toPath: scratch("runs/tiny/v002"))
      let mutated = Self.mutated(text, &random)
      try scratch.write(mutated, to: path)
      let outcome = try Program.run(command, in: scratch, timeoutSeconds: 60)
      let what =
        "\(command) with \(file): \(String(decoding: mutated.suffix(300), as: UTF8.self).printable)\n\(outcome.errors.suffix(500))"
      #expect([0, 1, 64, 65, 66, 74].contains(outcome.exitCode), "\(outcome.exitCode): \(what)")
      #expect((outcome.output + outcome.errors).unicodeScalars.allSatisfy { $0 == "\n" || !$0.isControl }, "\(what)")
    }
  }

  /// `text` with one to three changes: a number or a quoted text becomes another, bytes go, come or change, lines come twice.
  private static func mutated(_ text: String, _ random: inout RandomStream) -> [UInt8] {
    var bytes = Array(text.utf8)
    for _ in 0..<1 + random.below(3) where !bytes.isEmpty {
      switch random.below(6) {
      case 0...2:
        let starts = bytes.indices.filter {
          (0x30...0x39).contains(bytes[$0]) && ($0 == 0 || !(0x30...0x39).contains(bytes[$0 - 1]))
        }
        guard !starts.isEmpty else { continue }
        let start = starts[random.below(starts.count)]
        let end = bytes[start...].firstIndex { !(0x30...0x39).contains($0) && !".eE".utf8.contains($0) } ?? bytes.count
        bytes.replaceSubrange(start..<end, with: Array(numbers[random.below(numbers.count)].utf8))
      case 3: bytes[random.below(bytes.count)] = UInt8(truncatingIfNeeded: random.next())
      case 4: bytes.removeSubrange(random.below(bytes.count)...)
      default:
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        bytes += lines[random.below(lines.count)] + [UInt8(ascii: "\n")]
      }
    }
    return bytes
  }
}
