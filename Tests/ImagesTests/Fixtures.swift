import Foundation
import Testing
import TestSupport

@testable import Images

/// One line of `Fixtures/png.txt`.
struct PNGFixture: CustomTestStringConvertible, Sendable {
  let name: String
  let width: Int
  let height: Int
  let file: [UInt8]
  let pixels: [UInt8]

  var testDescription: String { name }

  static let all: [PNGFixture] = {
    let lines = fixtureLines("png.txt")
    return lines.map { fields in
      PNGFixture(
        name: fields[0], width: Int(fields[1])!, height: Int(fields[2])!, file: [UInt8](Data(base64Encoded: fields[3])!),
        pixels: bytes(hex: fields[4]))
    }
  }()
}

/// The chunk of `type` with `data`, length and check value in place.
func pngChunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
  let body = Array(type.utf8) + data
  return pngNumber(UInt32(data.count)) + body + pngNumber(CRC32.checksum(body))
}

func pngNumber(_ value: UInt32) -> [UInt8] { withUnsafeBytes(of: value.bigEndian, Array.init) }

let pngSignature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

/// An IHDR chunk without interlacing.
func pngHeader(_ width: UInt32, _ height: UInt32, depth: UInt8, color: UInt8) -> [UInt8] {
  pngChunk("IHDR", pngNumber(width) + pngNumber(height) + [depth, color, 0, 0, 0])
}

/// `raw` as a zlib stream of stored blocks.
func zlibStored(_ raw: [UInt8]) -> [UInt8] {
  var out: [UInt8] = [0x78, 0x01]
  for start in stride(from: 0, to: max(raw.count, 1), by: 65535) {
    let part = raw[start..<min(start + 65535, raw.count)]
    let count = UInt16(part.count)
    out +=
      [start + 65535 >= raw.count ? 1 : 0, UInt8(count & 255), UInt8(count >> 8), UInt8(~count & 255), UInt8(~count >> 8)] + part
  }
  var (a, b): (UInt32, UInt32) = (1, 0)
  for byte in raw {
    a = (a + UInt32(byte)) % 65521
    b = (b + a) % 65521
  }
  return out + pngNumber(b << 16 | a)
}
