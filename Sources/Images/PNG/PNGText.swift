/// Words in a PNG file: `tEXt` and `iTXt` chunks (W3C, "Portable Network Graphics", third edition, section 11.3.3).
package struct PNGText: Equatable, Sendable {
  /// What the text is about: 1 to 79 printable ASCII characters, without blanks at the ends.
  package let keyword: String
  package let text: String

  /// `text` about `keyword`. Control characters of the text are escaped.
  package init(_ keyword: String, _ text: String) {
    precondition((1...79).contains(keyword.utf8.count) && keyword.utf8.allSatisfy { (0x21...0x7e).contains($0) }, "\(keyword)")
    self.keyword = keyword
    self.text = text.printable
  }

  /// The chunk, length and check value included: `tEXt` when the text is ASCII, else `iTXt` in UTF-8, not compressed.
  var chunk: [UInt8] {
    let isASCII = text.utf8.allSatisfy { $0 < 0x80 }
    let separators: [UInt8] = isASCII ? [0] : [0, 0, 0, 0, 0]
    return PNGChunk.bytes(isASCII ? "tEXt" : "iTXt", Array(keyword.utf8) + separators + Array(text.utf8))
  }

  /// The texts that stand before the image in `bytes`, which may be the beginning of a file; none if it is no PNG.
  package static func texts(in bytes: [UInt8]) -> [PNGText] {
    var texts: [PNGText] = []
    for chunk in PNGChunk.leading(in: bytes) {
      if chunk.type == "IDAT" { break }
      let fields = chunk.data.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
      guard ["tEXt", "iTXt"].contains(chunk.type), fields.count == 2, (1...79).contains(fields[0].count),
        fields[0].allSatisfy({ (0x21...0x7e).contains($0) })
      else { continue }
      let plain = chunk.type == "tEXt" ? fields[1] : fields[1].dropFirst(4)
      texts.append(PNGText(String(decoding: fields[0], as: UTF8.self), String(decoding: plain, as: UTF8.self)))
    }
    return texts
  }
}

extension PNG {
  /// The bytes of a file with `texts` put before its image.
  package static func adding(_ texts: [PNGText], to png: [UInt8]) -> [UInt8] {
    guard let header = PNGChunk.leading(in: png).first else { preconditionFailure("these \(png.count) bytes are no PNG") }
    let end = header.data.endIndex + 4
    return Array(png[..<end] + texts.flatMap(\.chunk) + png[end...])
  }
}
