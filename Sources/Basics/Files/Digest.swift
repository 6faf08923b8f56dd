import CCrypto

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

  /// The digest of the file at `path`, which is read a piece at a time.
  package static func sha256(file path: String, in files: any FileSystem) throws(FileError) -> String {
    try files.reading(path) { (file, _) throws(FileError) in
      var hash = SHA256()
      var offset = 0
      while true {
        let bytes = try files.read(chunk, from: file, at: offset)
        if bytes.isEmpty { return hash.finish() }
        bytes.withUnsafeBytes { hash.update($0) }
        offset += bytes.count
      }
    }
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

  /// Appends `bytes`.
  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    guard let base = bytes.baseAddress else { return }
    precondition(EVP_DigestUpdate(context, base, bytes.count) == 1, "SHA-256 failed after \(bytes.count) bytes")
  }

  /// Appends `bytes`.
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
