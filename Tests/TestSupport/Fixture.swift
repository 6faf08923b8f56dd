import Foundation

/// The lines of the file `name` in `Fixtures` beside the test `file`, split at blanks. There must be one.
package func fixtureLines(_ name: String, beside file: String = #filePath) -> [[String]] {
  let path = URL(filePath: file).deletingLastPathComponent().appending(path: "Fixtures/\(name)")
  return try! String(contentsOf: path, encoding: .utf8).split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
}

/// The bytes that `hex` writes with two digits each.
package func bytes(hex: String) -> [UInt8] {
  let digits = hex.utf8.map { UInt8($0 < 58 ? $0 - 48 : $0 - 87) }
  return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}
