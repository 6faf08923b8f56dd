import Testing

@testable import Basics

/// Names of the system are bytes: none is lost, and no two become one.
@Suite struct SystemTextTests {
  /// Sequences of bytes that are text, almost text, and no text at all.
  private static func samples(_ count: Int) -> [[UInt8]] {
    var random = RandomStream(seed: 1, name: "test.names")
    let pieces: [[UInt8]] = [
      Array("a".utf8), Array("\u{e9}".utf8), Array("e\u{301}".utf8), Array("\u{efe9}".utf8), Array("\u{1f600}".utf8), [0xc3],
      [0xe9],
      [0xed, 0xa0, 0x80], [0xc0, 0xaf], [0xf4, 0x90, 0x80, 0x80], [0xff], [0xee, 0xbf], [0x2f], [0x0a],
    ]
    return (0..<count).map { _ in
      (0..<random.below(8)).flatMap { _ in
        random.below(3) == 0 ? [UInt8(1 + random.below(255))] : pieces[random.below(pieces.count)]
      }
    }
  }

  @Test func `any bytes come back from their text, and different bytes have different texts`() {
    var seen: [ByteText: [UInt8]] = [:]
    for bytes in Self.samples(5000) {
      let text = SystemText.decode(bytes)
      #expect(SystemText.encode(text) == bytes)
      #expect(seen[ByteText(text), default: bytes] == bytes)
      seen[ByteText(text)] = bytes
      #expect(text.systemBytes.dropLast().map { UInt8(bitPattern: $0) } == bytes)
      if let plain = String(validating: bytes, as: UTF8.self), !SystemText.isEscaped(plain) {
        #expect(plain.utf8.elementsEqual(text.utf8))
      }
      #expect(SystemText.decode(text.systemBytes) == text)
    }
  }

  @Test func `bytes that are no text are shown as such`() {
    #expect(SystemText.decode([0x63, 0xe9, 0x2f]).printable == "c\\xE9/")
    #expect(SystemText.decode(Array("\u{efe9}".utf8)).printable == "\\xEE\\xBF\\xA9")
  }

  @Test func `two spellings of one text are two keys, in the order of their bytes`() {
    let (composed, decomposed) = ("\u{e9}.png", "e\u{301}.png")
    #expect(composed == decomposed, "Swift takes them for the same")
    #expect(ByteText(composed) != ByteText(decomposed))
    #expect(Set([composed, decomposed].map(ByteText.init)).count == 2)
    #expect(ByteText(decomposed) < ByteText(composed) && !(ByteText(composed) < ByteText(decomposed)))
  }

  @Test func `paths are taken apart at the byte`() {
    let mark = "\u{301}x.png"
    let path = Path.join("a", mark)
    #expect(Path.name(of: path).utf8.elementsEqual(mark.utf8))
    #expect(Path.parent(of: path) == "a")
    #expect(Path.components(of: "/" + path).map { $0.utf8.count } == [1, mark.utf8.count])
    #expect(Path.join("b/", mark).utf8.elementsEqual(("b/" + mark).utf8))
    #expect([Path.parent(of: "/"), Path.parent(of: "x"), Path.parent(of: "/x"), Path.name(of: "/a/b//")] == ["/", ".", "/", "b"])
  }

  @Test func `a pattern does not take a mark for a part of the slash before it`() {
    #expect(Glob("\u{301}x.png").matches("a/\u{301}x.png"))
    #expect(!Glob("a*.png").matches("a/\u{301}x.png"))
    #expect(!Glob("b/*").matches("b/a/\u{301}x.png"))
  }
}
