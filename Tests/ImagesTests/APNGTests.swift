import Testing
import TestSupport

@testable import Images

@Suite struct APNGTests {
  @Test(arguments: [1, 2, 7])
  func `an animation holds its frames in order`(count: Int) throws {
    let frames = (0..<count).map { randomImage(13, 7, seed: UInt64($0)) }
    let chunks = parse(APNG.encode(frames, delayMilliseconds: 300, loops: 5))
    #expect(chunks.map(\.type).filter { $0 == "fcTL" }.count == count)
    let control = try #require(chunks.first { $0.type == "acTL" })
    #expect(control.data == pngNumber(UInt32(count)) + pngNumber(5))

    let numbers = chunks.filter { $0.type == "fcTL" || $0.type == "fdAT" }.map { Array($0.data.prefix(4)) }
    #expect(numbers == (0..<numbers.count).map { pngNumber(UInt32($0)) })
    for chunk in chunks where chunk.type == "fcTL" {
      #expect(chunk.data.count == 26)
      #expect(Array(chunk.data[20..<26]) == [1, 44, 3, 232, 0, 0])  // 300 / 1000 seconds
    }
    let decoded = try images(of: chunks)
    #expect(decoded == frames)
  }

  @Test func `a plain decoder sees the first frame`() throws {
    let frames = [randomImage(5, 3, seed: 1), randomImage(5, 3, seed: 2)]
    #expect(try ImageFormatCatalog.decode(APNG.encode(frames, delayMilliseconds: 40)) == frames[0])
  }

  /// The chunks of `file`, their check values verified.
  private func parse(_ file: [UInt8]) -> [(type: String, data: [UInt8])] {
    var (chunks, start): ([(type: String, data: [UInt8])], Int) = ([], 8)
    while start < file.count {
      let count = file[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
      let end = start + 8 + count
      #expect(Array(file[end..<end + 4]) == pngNumber(CRC32.checksum(file[start + 4..<end])))
      chunks.append((String(decoding: file[start + 4..<start + 8], as: UTF8.self), Array(file[start + 8..<end])))
      start = end + 4
    }
    return chunks
  }

  /// Each frame made a PNG of its own and decoded.
  private func images(of chunks: [(type: String, data: [UInt8])]) throws -> [RGBImage] {
    var files: [[UInt8]] = []
    for (type, data) in chunks {
      switch type {
      case "fcTL": files.append(pngSignature + pngChunk("IHDR", chunks[0].data))
      case "IDAT": files[files.count - 1] += pngChunk("IDAT", data)
      case "fdAT": files[files.count - 1] += pngChunk("IDAT", Array(data.dropFirst(4)))
      default: break
      }
    }
    return try files.map { try ImageFormatCatalog.decode($0 + pngChunk("IEND", [])) }
  }
}
