import Basics

/// The JSON of safetensors headers and manifests (RFC 8259): writing strings, and a strict reader that goes only as deep
/// as its caller asks, refuses every value it was not asked for, and names the place of a mistake.
struct JSONText {
  /// What is wrong, and at which byte.
  struct Mistake: Error { let what: String, offset: Int }

  private let bytes: [UInt8]
  private(set) var offset = 0

  /// Reads `bytes`, which must be UTF-8.
  init(_ bytes: [UInt8]) throws(Mistake) {
    guard String(validating: bytes, as: UTF8.self) != nil else { throw Mistake(what: "text that is not UTF-8", offset: 0) }
    self.bytes = bytes
  }

  /// `text` as a JSON string.
  static func quoted(_ text: String) -> String {
    var result = "\"".unicodeScalars
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result.append(contentsOf: "\\\"".unicodeScalars)
      case "\\": result.append(contentsOf: "\\\\".unicodeScalars)
      case "\n": result.append(contentsOf: "\\n".unicodeScalars)
      case "\r": result.append(contentsOf: "\\r".unicodeScalars)
      case "\t": result.append(contentsOf: "\\t".unicodeScalars)
      case ..<" ":
        let digits = String(scalar.value, radix: 16)
        result.append(contentsOf: ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).unicodeScalars)
      default: result.append(scalar)
      }
    }
    result.append("\"")
    return String(result)
  }

  /// Reads `{"key": value, ...}` of at most `limit` members; `member` reads the value. A key that comes twice is a mistake.
  mutating func object(
    limit: Int, _ member: (inout JSONText, String) throws(Mistake) -> Void
  ) throws(Mistake) {
    try expect("{")
    var keys: Set<String> = []
    if accept("}") { return }
    repeat {
      let key = try string()
      guard keys.insert(key).inserted else { throw mistake("the key '\(key.shortened)' twice") }
      guard keys.count <= limit else { throw mistake("more than \(limit) keys") }
      try expect(":")
      try member(&self, key)
    } while accept(",")
    try expect("}")
  }

  /// Reads an array of at most `limit` numbers that are not negative and have no fraction.
  mutating func naturals(limit: Int) throws(Mistake) -> [Int] {
    try expect("[")
    var values: [Int] = []
    if accept("]") { return values }
    repeat {
      guard values.count < limit else { throw mistake("more than \(limit) numbers") }
      values.append(try natural())
    } while accept(",")
    try expect("]")
    return values
  }

  mutating func string() throws(Mistake) -> String {
    try expect("\"")
    var content: [UInt8] = []
    while offset < bytes.count {
      let byte = bytes[offset]
      switch byte {
      case UInt8(ascii: "\""):
        offset += 1
        return String(decoding: content, as: UTF8.self)
      case UInt8(ascii: "\\"):
        offset += 1
        try content.append(contentsOf: UTF8.encode(escaped())!)
      case 0..<0x20: throw mistake("a control character in a string")
      default:
        content.append(byte)
        offset += 1
      }
    }
    throw mistake("a string without end")
  }

  /// Makes sure that nothing but white space follows.
  mutating func end() throws(Mistake) {
    skipSpace()
    guard offset == bytes.count else { throw mistake("something after its end") }
  }

  /// A mistake at the present place.
  func mistake(_ what: String) -> Mistake { Mistake(what: what, offset: offset) }

  private mutating func natural() throws(Mistake) -> Int {
    skipSpace()
    let digits = bytes[offset...].prefix { (0x30...0x39).contains($0) }
    guard digits.count == 1 || digits.first != 0x30, let value = Int(String(decoding: digits, as: UTF8.self)) else {
      throw mistake("something other than a whole number of at most 63 bits")
    }
    offset += digits.count
    return value
  }

  private mutating func escaped() throws(Mistake) -> Unicode.Scalar {
    guard offset < bytes.count else { throw mistake("a string without end") }
    let byte = bytes[offset]
    offset += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try codePoint()
    default: throw mistake("an unknown escape")
    }
  }

  /// The code point of `XXXX` or of the surrogate pair `XXXX\uXXXX`.
  private mutating func codePoint() throws(Mistake) -> Unicode.Scalar {
    let high = try codeUnit()
    if let scalar = Unicode.Scalar(high) { return scalar }
    guard bytes[offset...].starts(with: Array("\\u".utf8)) else { throw mistake("half a surrogate pair") }
    offset += 2
    let low = try codeUnit()
    guard (0xd800..<0xdc00).contains(high), (0xdc00..<0xe000).contains(low),
      let scalar = Unicode.Scalar(0x10000 + (UInt32(high) - 0xd800) << 10 + (UInt32(low) - 0xdc00))
    else { throw mistake("half a surrogate pair") }
    return scalar
  }

  private mutating func codeUnit() throws(Mistake) -> UInt16 {
    let digits = bytes[offset...].prefix(4)
    guard digits.count == 4, !digits.contains(UInt8(ascii: "+")), !digits.contains(UInt8(ascii: "-")),
      let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw mistake("an unknown escape") }
    offset += 4
    return unit
  }

  private mutating func skipSpace() {
    while offset < bytes.count {
      switch bytes[offset] {
      case 0x20, 0x09, 0x0a, 0x0d: offset += 1
      default: return
      }
    }
  }

  /// Whether the next thing begins with `character`.
  mutating func isNext(_ character: Character) -> Bool {
    skipSpace()
    return offset < bytes.count && bytes[offset] == character.asciiValue
  }

  /// Reads the signs of a number, `true`, `false` or `null`; what they say is for others to tell.
  mutating func word() throws(Mistake) -> String {
    skipSpace()
    let word = bytes[offset...].prefix { (0x30...0x39).contains($0) || (0x61...0x7a).contains($0) || "+-.E".utf8.contains($0) }
    guard !word.isEmpty else { throw mistake("no value where one is needed") }
    offset += word.count
    return String(decoding: word, as: UTF8.self)
  }

  mutating func accept(_ character: Character) -> Bool {
    guard isNext(character) else { return false }
    offset += 1
    return true
  }

  mutating func expect(_ character: Character) throws(Mistake) {
    guard accept(character) else { throw mistake("no '\(character)' where one is needed") }
  }
}
