import Foundation
import Testing

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
    let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/png.txt")
    let text = (try? String(contentsOf: path, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map { line in
      let fields = line.split(separator: " ").map(String.init)
      return PNGFixture(
        name: fields[0], width: Int(fields[1])!, height: Int(fields[2])!, file: [UInt8](Data(base64Encoded: fields[3])!),
        pixels: pngBytes(hex: fields[4]))
    }
  }()
}

/// The bytes that `hex` writes with two digits each.
func pngBytes(hex: String) -> [UInt8] {
  let digits = hex.utf8.map { UInt8($0 < 58 ? $0 - 48 : $0 - 87) }
  return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
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

/// An image of random samples.
func randomImage(_ width: Int, _ height: Int, seed: UInt64 = 1) -> RGBImage {
  var generator = ImageNoise(state: seed)
  return RGBImage(
    width: width, height: height, pixels: (0..<width * height * 3).map { _ in UInt8.random(in: 0...255, using: &generator) })
}

/// SplitMix64, so that every run of the tests sees the same numbers.
struct ImageNoise: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

/// Calls `body` with a new folder, which is removed afterwards.
func withImageFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appending(path: "fadein-images-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder.path)
}
