import Basics
import Foundation
import Testing
import TestSupport

@testable import Images

/// Files that are damaged by accident or on purpose: each gives an error or an image, soon and in bounded memory.
@Suite struct HostilePNGTests {
  @Test(arguments: PNGFixture.all.filter { $0.name.hasSuffix("8") || $0.name.hasSuffix("interlaced-tRNS") })
  func `a file cut anywhere is an error`(_ fixture: PNGFixture) {
    for count in 0..<fixture.file.count {
      let error = #expect(throws: ImageError.self) { try ImageFormatCatalog.decode(Array(fixture.file.prefix(count))) }
      // A cut in the middle of a name may look like damage; nothing else may.
      #expect(error == (count == 0 ? .empty : .truncated), "cut after \(count) bytes")
    }
  }

  @Test(arguments: PNGFixture.all)
  func `flipped bits never crash`(_ fixture: PNGFixture) {
    var generator = RandomStream(seed: UInt64(fixture.file.count), name: "test.noise")
    var errors = 0
    for _ in 0..<200 {
      var file = fixture.file
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        file[Int.random(in: file.indices, using: &generator)] ^= 1 << UInt8.random(in: 0...7, using: &generator)
      }
      if (try? ImageFormatCatalog.decode(file)) == nil { errors += 1 }
    }
    #expect(errors > 100)
  }

  @Test(arguments: PNGFixture.all)
  func `flipped bits under a valid checksum never crash`(_ fixture: PNGFixture) {
    var generator = RandomStream(seed: UInt64(fixture.file.count), name: "test.noise")
    for _ in 0..<100 {
      var file = fixture.file
      let position = Int.random(in: 8..<file.count - 12, using: &generator)
      file[position] ^= 1 << UInt8.random(in: 0...7, using: &generator)
      _ = try? ImageFormatCatalog.decode(withFreshChecksums(file))
    }
  }

  @Test(
    arguments: [
      (1_000_000, 1_000_000, UInt8(8)), (20_000, 20_000, 1), (4097, 1, 8), (1, 4097, 8), (0x7fff_ffff, 0x7fff_ffff, 16),
      (0xffff_ffff, 1, 8),
    ] as [(UInt32, UInt32, UInt8)])
  func `a huge image is refused by its header`(width: UInt32, height: UInt32, depth: UInt8) {
    let file =
      pngSignature + pngHeader(width, height, depth: depth, color: 0) + pngChunk("IDAT", zlibStored([0])) + pngChunk("IEND", [])
    #expect(throws: ImageError.tooLarge) { try ImageFormatCatalog.decode(file) }
  }

  @Test func `the largest image is read`() throws {
    let raw = [UInt8](repeating: 0, count: 513 * 4096)  // 1 bit a pixel and a filter byte a row
    let file = pngSignature + pngHeader(4096, 4096, depth: 1, color: 0) + pngChunk("IDAT", zlibStored(raw)) + pngChunk("IEND", [])
    let image = try ImageFormatCatalog.decode(file)
    #expect(image.width == 4096 && image.height == 4096)
  }

  @Test func `a side of no pixels is an error`() {
    let file = pngSignature + pngHeader(0, 5, depth: 8, color: 0) + pngChunk("IDAT", zlibStored([])) + pngChunk("IEND", [])
    #expect(throws: ImageError.self) { try ImageFormatCatalog.decode(file) }
  }

  @Test(arguments: ["zTXt", "iCCP", "iTXt", "tEXt", "sPLT", "quUx"])
  func `a chunk that only describes the image is not looked at`(_ type: String) throws {
    let image = randomImage(3, 3)
    let file = PNG.encode(image)
    let headerEnd = 8 + 25
    // Deflate's code for "repeat the last byte 258 times", over and over: a megabyte inflates to a gigabyte.
    let bomb = Array("key\0\0".utf8) + [0x78, 0x9c, 0xec, 0xc1, 0x01, 0x01] + [UInt8](repeating: 0, count: 1 << 20)
    let bombed = file[..<headerEnd] + pngChunk(type, bomb) + file[headerEnd...]
    #expect(try ImageFormatCatalog.decode(Array(bombed)) == image)
  }

  @Test func `much data after the image is an error before it is inflated`() {
    var large = RGBImage(width: 4096, height: 512, gray: 0)
    let noise = randomImage(4096, 8)  // more bytes than what is let pass without a look
    large.draw(noise, x: 0, y: 0)
    let data = PNG.encode(large).dropFirst(33).dropLast(12)
    let file = pngSignature + pngHeader(1, 1, depth: 8, color: 2) + data + pngChunk("IEND", [])
    #expect(throws: ImageError.damaged("more data than the image needs")) { try ImageFormatCatalog.decode(file) }
  }

  @Test func `many tiny chunks are skipped`() throws {
    let image = randomImage(3, 3)
    let file = PNG.encode(image)
    let tiny = pngChunk("tEXt", Array("k\0v".utf8))
    let many = file[..<33] + repeatElement(tiny, count: 100_000).joined() + file[33...]
    #expect(try ImageFormatCatalog.decode(Array(many)) == image)
  }

  @Test func `a palette index beyond the palette never crashes`() {
    let rows: [UInt8] = [0, 200, 255, 1]
    let palette: [UInt8] = [1, 2, 3, 4, 5, 6]
    let file =
      pngSignature + pngHeader(3, 1, depth: 8, color: 3) + pngChunk("PLTE", palette) + pngChunk("IDAT", zlibStored(rows))
      + pngChunk("IEND", [])
    _ = try? ImageFormatCatalog.decode(file)
  }

  @Test func `an interlaced image of 16 bits is refused before it is kept whole`() {
    func file(_ side: UInt32) -> [UInt8] {
      let header = pngNumber(side) + pngNumber(side) + [16, 6, 0, 0, 1]
      return pngSignature + pngChunk("IHDR", header) + pngChunk("IDAT", zlibStored([0])) + pngChunk("IEND", [])
    }
    #expect(throws: ImageError.tooManyBytes) { try ImageFormatCatalog.decode(file(4096)) }
    // 64 MiB exactly are let in, and lack their data.
    let error = #expect(throws: ImageError.self) { try ImageFormatCatalog.decode(file(2896)) }
    #expect(error != .tooManyBytes)
  }

  @Test func `a wrong check value is damage`() {
    var file = PNG.encode(randomImage(3, 3))
    file[8 + 25 + 10] ^= 1  // in the data, under the chunk's CRC
    #expect(throws: ImageError.self) { try ImageFormatCatalog.decode(file) }
    var header = PNG.encode(randomImage(3, 3))
    header[8 + 24] ^= 1  // the header's CRC itself
    #expect(throws: ImageError.self) { try ImageFormatCatalog.decode(header) }
  }

  @Test func `empty data chunks are skipped`() throws {
    let image = randomImage(3, 3)
    let file = PNG.encode(image)
    let many = file[..<33] + repeatElement(pngChunk("IDAT", []), count: 10_000).joined() + file[33...]
    #expect(try ImageFormatCatalog.decode(Array(many)) == image)
  }

  @Test func `a link to itself is not followed`() throws {
    try withTemporaryFolder { folder in
      let loop = folder + "/x.png"
      try #require(symlink(loop, loop) == 0)
      #expect(throws: ImageError.unreadable("Too many levels of symbolic links")) { try ImageFormatCatalog.read(loop) }
    }
  }

  @Test func `nothing outside of a folder is read, whatever a path becomes`() throws {
    try withTemporaryFolder { outer in
      let (folder, image) = (outer + "/set", PNG.encode(randomImage(3, 3)))
      try FileManager.default.createDirectory(atPath: folder + "/sub", withIntermediateDirectories: true)
      for name in ["secret.png", "set/a.png", "set/sub/b.png"] { try Data(image).write(to: URL(filePath: outer + "/" + name)) }
      let links = [
        ("inside.png", "sub/b.png"), ("whole.png", folder + "/a.png"), ("out.png", "../secret.png"),
        ("far.png", outer + "/secret.png"),
        ("twice.png", "out.png"), ("more", ".."), ("gone.png", "none"), ("loop.png", "loop.png"),
      ]
      for (name, target) in links { try #require(symlink(target, folder + "/" + name) == 0) }
      for path in ["a.png", "sub/b.png", "inside.png", "whole.png"] {
        #expect(try FileBytes.read(path, below: folder, limit: 1 << 20) == image)
      }
      for path in ["out.png", "far.png", "twice.png", "more/secret.png", "../secret.png"] {
        #expect(throws: ImageError.unreadable("a link out of the folder")) { try ImageFormatCatalog.read(path, below: folder) }
      }
      for path in ["gone.png", "loop.png", "none.png"] {
        #expect(throws: ImageError.self) { try ImageFormatCatalog.read(path, below: folder) }
      }
      #expect(throws: ImageError.fileTooLarge) { try FileBytes.read("a.png", below: folder, limit: 10) }
      #expect(throws: ImageError.notRegularFile) { try FileBytes.read("sub", below: folder, limit: 10) }
      try #require(mkfifo(folder + "/pipe.png", 0o600) == 0)
      #expect(throws: ImageError.notRegularFile) { try ImageFormatCatalog.read("pipe.png", below: folder) }
    }
  }

  @Test func `other files are told apart`() {
    #expect(throws: ImageError.empty) { try ImageFormatCatalog.decode([]) }
    #expect(throws: ImageError.unknown) { try ImageFormatCatalog.decode(Array("Not an image, just text.\n".utf8)) }
    #expect(throws: ImageError.foreign(.jpeg)) { try ImageFormatCatalog.decode([0xff, 0xd8, 0xff, 0xe0]) }
    #expect(throws: ImageError.fileTooLarge) {
      try ImageFormatCatalog.decode(pngSignature + [UInt8](repeating: 0, count: ImageLimits.fileBytes))
    }
  }

  @Test func `things that are not files are refused without waiting`() throws {
    try withTemporaryFolder { folder in
      let fifo = folder + "/x.png"
      try #require(mkfifo(fifo, 0o600) == 0)
      #expect(throws: ImageError.notRegularFile) { try ImageFormatCatalog.read(fifo) }
      #expect(throws: ImageError.notRegularFile) { try ImageFormatCatalog.read(folder) }
      #expect(throws: ImageError.notRegularFile) { try ImageFormatCatalog.read("/dev/zero") }
      #expect(throws: ImageError.unreadable("No such file or directory")) { try ImageFormatCatalog.read(folder + "/none.png") }
      let sparse = folder + "/large.png"
      #expect(FileManager.default.createFile(atPath: sparse, contents: nil))
      try #require(truncate(sparse, 1 << 40) == 0)
      #expect(throws: ImageError.fileTooLarge) { try ImageFormatCatalog.read(sparse) }
    }
  }

  /// `file` with the check values that its chunks should have, as far as its lengths can be followed.
  private func withFreshChecksums(_ file: [UInt8]) -> [UInt8] {
    var (file, start) = (file, 8)
    while start + 12 <= file.count {
      let count = file[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
      guard start + 12 + count <= file.count else { break }
      let end = start + 8 + count
      file.replaceSubrange(end..<end + 4, with: pngNumber(CRC32.checksum(file[start + 4..<end])))
      start = end + 4
    }
    return file
  }
}
