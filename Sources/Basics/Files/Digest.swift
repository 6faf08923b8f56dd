import CCrypto
import Glibc

/// SHA-256 digests (FIPS 180-4), as 64 lowercase hexadecimal digits.
package enum Digest {
  /// Bytes of a file that are in memory at a time.
  private static let chunk = 1 << 20

  /// The digest of `bytes`.
  package static func sha256(_ bytes: [UInt8]) -> String {
    var hash = SHA256()
    bytes.withUnsafeBytes { hash.update($0) }
    return hash.finish()
  }

  /// The 32 bytes of the digest of `bytes`.
  package static func bytes(of bytes: UnsafeRawBufferPointer) -> [UInt8] {
    var hash = SHA256()
    hash.update(bytes)
    return hash.finishBytes()
  }

  /// The digest of the text's UTF-8.
  package static func sha256(_ text: String) -> String { sha256(Array(text.utf8)) }

  /// The digest of the file at `path`, which is read a piece at a time. One of more than `limit` bytes fails with `EFBIG`, before it is
  /// read or when it has grown so long.
  package static func sha256(file path: String, limit: Int, in files: any FileSystem) throws(FileError) -> String {
    try files.reading(path) { (file, size) throws(FileError) in
      var hash = SHA256()
      var offset = 0
      while true {
        guard max(size, offset) <= limit else { throw FileError(.read, path, errno: EFBIG) }
        let bytes = try files.read(chunk, from: file, at: offset)
        if bytes.isEmpty { return hash.finish() }
        bytes.withUnsafeBytes { hash.update($0) }
        offset += bytes.count
      }
    }
  }
}

extension Digest {
  /// A digest in 32 bytes instead of 64 digits, for those who keep millions of them.
  package struct Words: Equatable, Sendable {
    private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    /// The digest that `text` spells; of a text that spells none, the text's own.
    package init(_ text: String) {
      var digits = Array(text.utf8)
      if digits.count != 64 || !digits.allSatisfy({ Self.value($0) != nil }) { digits = Array(Digest.sha256(text).utf8) }
      func word(_ index: Int) -> UInt64 {
        digits[index * 16..<index * 16 + 16].reduce(0) { $0 << 4 | UInt64(Self.value($1) ?? 0) }
      }
      words = (word(0), word(1), word(2), word(3))
    }

    private static func value(_ digit: UInt8) -> UInt8? {
      switch digit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
      default: nil
      }
    }

    package static func == (left: Words, right: Words) -> Bool { left.words == right.words }
  }
}

/// A SHA-256 digest in the making, by OpenSSL's libcrypto.
package struct SHA256: ~Copyable {
  private let context: OpaquePointer

  /// The digest of nothing yet.
  package init() {
    guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
      preconditionFailure("libcrypto has no SHA-256")
    }
    self.context = context
  }

  deinit { EVP_MD_CTX_free(context) }

  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    guard let base = bytes.baseAddress else { return }
    precondition(EVP_DigestUpdate(context, base, bytes.count) == 1, "SHA-256 failed after \(bytes.count) bytes")
  }

  package mutating func update(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { update($0) }
  }

  /// The 32 bytes of the digest of all bytes appended.
  package consuming func finishBytes() -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    precondition(EVP_DigestFinal_ex(context, &digest, nil) == 1, "SHA-256 could not be finished")
    return digest
  }

  /// The digest of all bytes appended.
  package consuming func finish() -> String {
    let digest = finishBytes()
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
