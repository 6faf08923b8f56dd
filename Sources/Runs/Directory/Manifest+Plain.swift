import Basics

extension Manifest {
  /// Reads a manifest as this program writes it: one flat object of texts without escapes, whole numbers and words, each key once. Nil for
  /// any other, of which JSON's own decoder says what it is. A folder may have a hundred thousand runs.
  init?(plain bytes: [UInt8]) {
    guard let values = PlainObject(bytes)?.values else { return nil }
    func text(_ key: CodingKeys) -> String? { if case .text(let text)? = values[key.rawValue] { text } else { nil } }
    func integer(_ key: CodingKeys) -> Int? { if case .number(let digits)? = values[key.rawValue] { Int(digits) } else { nil } }
    /// Whether an optional value is one, or is not there.
    func isSound(_ key: CodingKeys, _ isKind: (PlainObject.Value) -> Bool) -> Bool {
      guard let value = values[key.rawValue], value != .null else { return true }
      return isKind(value)
    }
    let texts: [CodingKeys] = [.label, .finished, .fadeinCommit, .gitCommit, .datasetHash, .sweep]
    guard let formatVersion = integer(.formatVersion), let id = text(.id), let name = text(.name), let version = integer(.version),
      case .number(let seedDigits)? = values[CodingKeys.seed.rawValue], let seed = UInt64(seedDigits),
      let iterations = integer(.iterations), let created = text(.created), let host = text(.host), let cpu = text(.cpu),
      let threads = integer(.threads), let fadeinVersion = text(.fadeinVersion), let specHash = text(.specHash),
      texts.allSatisfy({ isSound($0) { if case .text = $0 { true } else { false } } }),
      [.gitDirty, .fadeinModified].allSatisfy({ isSound($0) { if case .word = $0 { true } else { false } } }),
      [.from, .work].allSatisfy({ isSound($0) { _ in false } }),
      isSound(.trial, { if case .number(let digits) = $0 { Int(digits) != nil } else { false } })
    else { return nil }
    (self.formatVersion, self.id, self.name, self.version, self.seed) = (formatVersion, id, name, version, seed)
    (self.iterations, self.created, self.host, self.cpu, self.threads) = (iterations, created, host, cpu, threads)
    (self.fadeinVersion, self.specHash, label, finished) = (fadeinVersion, specHash, text(.label), text(.finished))
    (gitCommit, datasetHash, sweep, trial) = (text(.gitCommit), text(.datasetHash), text(.sweep), integer(.trial))
    func word(_ key: CodingKeys) -> Bool? { if case .word(let word)? = values[key.rawValue] { word } else { nil } }
    (fadeinCommit, fadeinModified, gitDirty) = (text(.fadeinCommit), word(.fadeinModified), word(.gitDirty))
  }
}

/// A flat JSON object without anything that has two spellings.
struct PlainObject {
  enum Value: Equatable {
    case text(String)
    case number(Substring)
    case word(Bool)
    case null
  }

  private(set) var values: [String: Value] = [:]

  init?(_ bytes: [UInt8]) {
    guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
    var rest = text.utf8[...]
    func skipBlanks() { rest = rest.drop { $0 == 0x20 || $0 == 0x0a || $0 == 0x0d || $0 == 0x09 } }
    func take(_ byte: UInt8) -> Bool {
      skipBlanks()
      guard rest.first == byte else { return false }
      rest.removeFirst()
      return true
    }
    func word(_ word: StaticString) -> Bool {
      guard rest.starts(with: UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)) else { return false }
      rest.removeFirst(word.utf8CodeUnitCount)
      return true
    }
    func string() -> String? {
      guard take(UInt8(ascii: "\"")) else { return nil }
      let content = rest.prefix { $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") && $0 >= 0x20 }
      rest = rest[content.endIndex...]
      guard rest.first == UInt8(ascii: "\"") else { return nil }
      rest.removeFirst()
      return String(Substring(content))
    }
    func value() -> Value? {
      skipBlanks()
      switch rest.first {
      case UInt8(ascii: "\""): return string().map(Value.text)
      case UInt8(ascii: "t"): return word("true") ? .word(true) : nil
      case UInt8(ascii: "f"): return word("false") ? .word(false) : nil
      case UInt8(ascii: "n"): return word("null") ? .null : nil
      default:
        let digits = rest.prefix { (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-") }
        rest = rest[digits.endIndex...]
        // A zero before other digits is no JSON.
        let magnitude = digits.drop { $0 == UInt8(ascii: "-") }
        guard !magnitude.isEmpty, magnitude.count == 1 || magnitude.first != UInt8(ascii: "0") else { return nil }
        return .number(Substring(digits))
      }
    }
    guard take(UInt8(ascii: "{")) else { return nil }
    repeat {
      guard let key = string(), take(UInt8(ascii: ":")), let value = value(), values.updateValue(value, forKey: key) == nil else {
        return nil
      }
    } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "}")) else { return nil }
    skipBlanks()
    guard rest.isEmpty else { return nil }
  }
}
