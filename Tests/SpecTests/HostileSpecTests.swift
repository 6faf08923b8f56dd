import Basics
import Foundation
import Testing

@testable import Spec

/// Texts that make other YAML readers take minutes or gigabytes, follow references, or believe something else.
@Suite struct HostileSpecTests {
  /// The first mistake in `text`, which must be found soon: a reader that falls for it takes minutes.
  private func mistake(_ text: String) throws -> String {
    let start = threadSeconds()
    // Not in a macro, which would write out all of the mistakes: thousands of them with a megabyte of excerpt each.
    var (message, rendered) = ("", "")
    do { _ = try read(text) } catch { (message, rendered) = (error.items[0].message, error.rendered) }
    let seconds = threadSeconds() - start
    #expect(seconds < 10)
    let isSafe = rendered.unicodeScalars.allSatisfy { $0 == "\n" || !$0.isControl }
    #expect(isSafe && (1..<50_000).contains(rendered.utf8.count))
    return message
  }

  /// Nine levels of nine references each: 387 million strings to a reader that follows them.
  @Test func `a billion laughs are not followed`() throws {
    var lines = ["a0: &a0 [" + repeatElement("lol", count: 9).joined(separator: ",") + "]"]
    for level in 1...9 {
      lines.append("a\(level): &a\(level) [" + repeatElement("*a\(level - 1)", count: 9).joined(separator: ",") + "]")
    }
    #expect(try mistake(lines.joined(separator: "\n")) == "a spec has no anchors: leave '&a0' out")
  }

  @Test func `a bomb as a key is not followed`() throws {
    #expect(try mistake("? &a [x, x]\n: 1\n? [*a, *a]\n: 2\n") == "a spec has no anchors: leave '&a' out")
    #expect(try mistake("? [[x, x], [x, x]]\n: 1\n") == "a key must be a word, not a list")
  }

  @Test func `a flood of directives is refused before each is compared with all others`() throws {
    let flood = (0..<60_000).map { "%TAG !a\($0)! t\n" }.joined()
    #expect(try mistake(flood + "--- a\n") == "a spec has no directives, but 60000 lines begin with '%'")
  }

  @Test(arguments: ["0", "00", "-0", "0_", "+"])
  func `a number of 64 KiB is refused at once`(piece: String) throws {
    let digits = String(repeating: piece, count: (64 << 10) / piece.utf8.count - 1) + "7"
    let message = try mistake(minimalSpec.replacing("batch: 4", with: "batch: \(digits)"))
    #expect(message.hasPrefix("schedule.batch must be an integer") && message.utf8.count < 200, "\(message)")
  }

  @Test func `a thousand mistakes in one line of a megabyte are shown in reasonable time`() throws {
    let text = "[" + String(repeating: "&a 1, ", count: 9_000) + String(repeating: " ", count: 900_000) + "]"
    #expect(try mistake(text).hasPrefix("a spec must be a map with the settings"))
  }

  @Test func `one character of 60,000 accents is cut`() throws {
    let text = minimalSpec.replacing("batch: 4", with: "batch: e" + String(repeating: "\u{301}", count: 30_000))
    #expect(try mistake(text).unicodeScalars.count < 200)
  }

  @Test(arguments: [
    "../x", "a/b", ".", "..", "-rf", "_x", "/etc/passwd", "~", "a b", "a\\0", "a\\n", "\\e[31m", "\\u202Ex", "ä",
    String(repeating: "n", count: 255),
  ])
  func `a name that is no name of a folder is refused`(name: String) throws {
    let message = try mistake(minimalSpec.replacing("name: minimal", with: "name: \"\(name)\""))
    if name == "a\\0" { return #expect(message == "a value cannot hold the character U+0000") }
    #expect(message.hasPrefix("name must be 1 to 64 letters, digits, '.', '_' or '-'"))
  }

  @Test(arguments: [
    "0x1F", "010", "1:30", "1_000", "1e400", ".inf", ".nan", "-.inf", "99999999999999999999", "0o7", "2020-01-01", "NaN",
  ])
  func `a number that another reader would take for another one is refused`(number: String) throws {
    #expect(try mistake(minimalSpec.replacing("batch: 4", with: "batch: \(number)")).hasPrefix("schedule.batch must be an integer"))
  }

  @Test(arguments: ["!!python/object/apply:os.system [x]", "!!binary aGk=", "!<tag:yaml.org,2002:int> 4", "!x 4"])
  func `a tag is refused`(value: String) throws {
    #expect(try mistake(minimalSpec.replacing("batch: 4", with: "batch: \(value)")).hasPrefix("a spec has no tags: leave '"))
  }

  @Test func `a merge key is refused`() throws {
    #expect(try mistake(minimalSpec + "\n<<: {seed: 1}") == "a spec has no merge keys: write the settings out instead of '<<'")
  }

  /// The spec's author may point anywhere; a tilde or a variable is a name like any other, never expanded.
  @Test(arguments: [
    ("../../etc", "/etc"), ("../../../../etc", "/etc"), ("/etc", "/etc"), ("~root", "/tmp/experiments/~root"),
    ("$HOME", "/tmp/experiments/$HOME"), ("a/./../b", "/tmp/experiments/b"),
  ])
  func `a path means what it says and no more`(folder: String, path: String) throws {
    #expect(try read(minimalSpec.replacing("folder: icons", with: "folder: \"\(folder)\"")).data.path == path)
  }
}

/// Processor time of this thread: the clock would also count what other programs do.
private func threadSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
