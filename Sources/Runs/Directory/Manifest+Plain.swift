import Basics

extension Manifest {
  /// Reads a manifest as this program writes it: one object of texts without escapes, whole numbers, words and ``WorkShares``, each key
  /// once. Nil for any other, of which JSON's own decoder says what it is. A folder may have a hundred thousand runs.
  init?(plain bytes: [UInt8]) {
    guard let object = bytes.withUnsafeBufferPointer({ PlainObject($0) }) else { return nil }
    func text(_ key: CodingKeys) -> String? { if case .text(let text)? = object[key.rawValue] { text } else { nil } }
    func integer(_ key: CodingKeys) -> Int? { if case .number(let digits)? = object[key.rawValue] { Int(digits) } else { nil } }
    func word(_ key: CodingKeys) -> Bool? { if case .word(let word)? = object[key.rawValue] { word } else { nil } }
    /// Whether an optional value is one, or is not there.
    func isSound(_ key: CodingKeys, _ isKind: (PlainObject.Value) -> Bool) -> Bool {
      guard let value = object[key.rawValue] else { return true }
      if case .null = value { return true }
      return isKind(value)
    }
    let texts: [CodingKeys] = [.path, .label, .finished, .fadeinCommit, .gitCommit, .datasetHash, .sweep]
    guard let formatVersion = integer(.formatVersion), let id = text(.id), let name = text(.name), let version = integer(.version),
      case .number(let seedDigits)? = object[CodingKeys.seed.rawValue], let seed = UInt64(seedDigits),
      let iterations = integer(.iterations), let created = text(.created), let host = text(.host), let cpu = text(.cpu),
      let threads = integer(.threads), let fadeinVersion = text(.fadeinVersion), let specHash = text(.specHash),
      texts.allSatisfy({ isSound($0) { if case .text = $0 { true } else { false } } }),
      [.gitDirty, .fadeinModified].allSatisfy({ isSound($0) { if case .word = $0 { true } else { false } } }),
      isSound(.from, { _ in false }), isSound(.work, { if case .shares = $0 { true } else { false } }),
      isSound(.trial, { if case .number(let digits) = $0 { Int(digits) != nil } else { false } })
    else { return nil }
    (self.formatVersion, self.id, self.name, self.version, self.seed) = (formatVersion, id, name, version, seed)
    (self.iterations, self.created, self.host, self.cpu, self.threads) = (iterations, created, host, cpu, threads)
    (self.fadeinVersion, self.specHash, label, finished) = (fadeinVersion, specHash, text(.label), text(.finished))
    (gitCommit, datasetHash, sweep, trial) = (text(.gitCommit), text(.datasetHash), text(.sweep), integer(.trial))
    (fadeinCommit, fadeinModified, gitDirty) = (text(.fadeinCommit), word(.fadeinModified), word(.gitDirty))
    path = text(.path)
    if case .shares(let shares)? = object[CodingKeys.work.rawValue] { work = shares }
  }
}

/// A JSON object without anything that has two spellings, and with no object in it but ``WorkShares``.
struct PlainObject {
  enum Value {
    case text(String)
    case number(Substring)
    case word(Bool)
    case null
    case shares(WorkShares)
  }

  /// In the order of the file: a look through two dozen is quicker than any table of them.
  private var values: [(key: String, value: Value)] = []

  /// Each key is compared with all before it; ours are two dozen.
  private static let mostKeys = 64

  /// The value of `key`; nil when there is none.
  subscript(key: String) -> Value? { values.first { $0.key == key }?.value }

  init?(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard bytes.allSatisfy({ $0 < 0x80 }) || String(validating: bytes, as: UTF8.self) != nil else { return nil }
    var scanner = PlainScanner(bytes: bytes)
    guard scanner.take("{") else { return nil }
    repeat {
      guard let key = scanner.text(), scanner.take(":"), let value = scanner.value(), self[key] == nil,
        values.count < Self.mostKeys
      else { return nil }
      values.append((key, value))
    } while scanner.take(",")
    guard scanner.take("}"), scanner.isAtEnd else { return nil }
  }
}

/// Reads the parts of such an object one after the other.
private struct PlainScanner {
  let bytes: UnsafeBufferPointer<UInt8>
  private var place = 0

  init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

  private mutating func skipBlanks() {
    while let byte = next, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { place += 1 }
  }

  /// Whether nothing but blanks is left.
  var isAtEnd: Bool {
    mutating get {
      skipBlanks()
      return place == bytes.count
    }
  }

  /// Passes a sign, if it is the next one.
  mutating func take(_ sign: Unicode.Scalar) -> Bool {
    skipBlanks()
    guard next == UInt8(ascii: sign) else { return false }
    place += 1
    return true
  }

  private mutating func word(_ word: StaticString) -> Bool {
    let count = word.utf8CodeUnitCount
    guard bytes[place...].prefix(count).elementsEqual(UnsafeBufferPointer(start: word.utf8Start, count: count)) else {
      return false
    }
    place += count
    return true
  }

  /// A text without escapes.
  mutating func text() -> String? {
    guard take("\"") else { return nil }
    let start = place
    while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { place += 1 }
    guard next == UInt8(ascii: "\"") else { return nil }
    defer { place += 1 }
    return String(decoding: bytes[start..<place], as: UTF8.self)
  }

  /// The signs of a number; nil when they are none of JSON.
  private mutating func number(isWhole: Bool) -> Substring? {
    skipBlanks()
    let start = place
    while let byte = next, (0x30...0x39).contains(byte) || byte == UInt8(ascii: "-") || !isWhole && ".eE+".utf8.contains(byte) {
      place += 1
    }
    // A zero before other digits is no JSON.
    let magnitude = bytes[start..<place].drop { $0 == UInt8(ascii: "-") }.prefix { (0x30...0x39).contains($0) }
    guard !magnitude.isEmpty, magnitude.count == 1 || magnitude.first != UInt8(ascii: "0") else { return nil }
    return Substring(decoding: bytes[start..<place], as: UTF8.self)
  }

  private mutating func list<Element>(_ element: (Substring) -> Element?, isWhole: Bool) -> [Element]? {
    guard take("[") else { return nil }
    var elements: [Element] = []
    repeat {
      guard let text = number(isWhole: isWhole), let next = element(text) else { return nil }
      elements.append(next)
    } while take(",")
    return take("]") ? elements : nil
  }

  /// The object of ``WorkShares``.
  private mutating func shares() -> WorkShares? {
    guard take("{"), text() == "iterations", take(":"), let iterations = list({ Int($0) }, isWhole: true), take(","),
      text() == "shares", take(":"), let shares = list({ Double($0) }, isWhole: false), take("}")
    else { return nil }
    return WorkShares(iterations: iterations, shares: shares)
  }

  /// Any value that such an object may have.
  mutating func value() -> PlainObject.Value? {
    skipBlanks()
    switch next {
    case UInt8(ascii: "\""): return text().map(PlainObject.Value.text)
    case UInt8(ascii: "{"): return shares().map(PlainObject.Value.shares)
    case UInt8(ascii: "t"): return word("true") ? .word(true) : nil
    case UInt8(ascii: "f"): return word("false") ? .word(false) : nil
    case UInt8(ascii: "n"): return word("null") ? .null : nil
    default: return number(isWhole: true).map(PlainObject.Value.number)
    }
  }
}
