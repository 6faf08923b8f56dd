import Basics
import Testing

@Suite struct PlainNameTests {
  @Test(arguments: ["0000.png", "p001", "a b", ".hidden", "...", "caf\u{e9}", "-x", String(repeating: "n", count: 255)])
  func `A component of a path is plain`(name: String) throws {
    #expect(try PlainName.check(name, in: "index.csv") == name)
  }

  @Test(
    arguments: [
      "", ".", "..", "/", "a/b", "/etc/passwd", "../x", "x/", "a\0b", "a\nb", "\u{1b}[2J", "a\u{202e}b",
      String(repeating: "n", count: 256),
    ])
  func `What leads elsewhere or acts on a terminal is refused, with the file that says so`(name: String) {
    #expect(!PlainName.isPlain(name))
    #expect(throws: PlainName.Refused(name: name, file: "index.csv")) { try PlainName.check(name, in: "index.csv") }
  }
}
