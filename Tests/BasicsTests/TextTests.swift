import Basics
import Foundation
import Testing
import TestSupport

@Suite struct TextTests {
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func `SHA-256 gives the digests of FIPS 180-4`(text: String, digest: String) throws {
    #expect(Digest.sha256(text) == digest)
    let folder = try TemporaryFolder()
    try AtomicFile.write(text, to: folder("a"), in: LocalFileSystem())
    #expect(try Digest.sha256(file: folder("a"), limit: 2_500_000, in: LocalFileSystem()) == digest)
  }

  @Test
  func `a digest does not depend on the pieces, nor on a file being longer than one`() throws {
    let bytes = (0..<2_500_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    var hash = SHA256()
    hash.update(Array(bytes[..<7]))
    hash.update([])
    hash.update(Array(bytes[7...]))
    let digest = hash.finish()
    #expect(digest == Digest.sha256(bytes))
    let folder = try TemporaryFolder()
    try AtomicFile.write(bytes, to: folder("a"), in: LocalFileSystem())
    #expect(try Digest.sha256(file: folder("a"), limit: 2_500_000, in: LocalFileSystem()) == digest)
    #expect(throws: FileError(.read, folder("a"), errno: EFBIG)) {
      try Digest.sha256(file: folder("a"), limit: 2_499_999, in: LocalFileSystem())
    }
  }

  @Test
  func `a table aligns its columns and ends no line in a space`() {
    var table = Table([.init("run"), .init("loss", .right), .init("note")])
    table.append(["mel-icon/v001", "1.5", ""])
    table.append(["x", "-10.25", "ok"])
    #expect(
      table.text == """
        run              loss  note
        mel-icon/v001     1.5
        x              -10.25  ok

        """)
  }

  @Test
  func `a long text is cut after 40 scalars, accents counted`() {
    #expect(String(repeating: "x", count: 40).shortened == String(repeating: "x", count: 40))
    #expect(String(repeating: "x", count: 41).shortened == String(repeating: "x", count: 40) + "...")
    #expect(("e" + String(repeating: "\u{301}", count: 9_000)).shortened.unicodeScalars.count == 43)
  }

  @Test
  func `what could steer a terminal is escaped in a table`() {
    var table = Table([.init("a")])
    table.append(["\u{1b}[31m"])
    #expect(table.text == "a\n\\u{1B}[31m\n")
  }

  @Test(arguments: [
    (0, "1970-01-01T00:00:00.000Z"), (1_709_210_096_007, "2024-02-29T12:34:56.007Z"), (-1, "1969-12-31T23:59:59.999Z"),
  ])
  func `times are written in UTC to the millisecond`(milliseconds: Int, text: String) {
    #expect(Timestamp(milliseconds: milliseconds).description == text)
  }
}
