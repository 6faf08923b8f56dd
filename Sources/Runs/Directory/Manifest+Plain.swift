import Basics

extension Manifest {
  /// Reads a manifest as this program writes it: one object of texts, whole numbers, words and ``WorkShares``, each key
  /// once. Nil for any other, of which JSON's own decoder says what it is. A folder may have a hundred thousand runs.
  init?(plain bytes: [UInt8]) {
    guard let object = try? PlainObject(bytes) else { return nil }
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
    self.formatVersion = formatVersion
    self.id = id
    self.name = name
    self.version = version
    self.seed = seed
    self.iterations = iterations
    self.created = created
    self.host = host
    self.cpu = cpu
    self.threads = threads
    self.fadeinVersion = fadeinVersion
    self.specHash = specHash
    label = text(.label)
    finished = text(.finished)
    (gitCommit, datasetHash, sweep, trial) = (text(.gitCommit), text(.datasetHash), text(.sweep), integer(.trial))
    (fadeinCommit, fadeinModified, gitDirty) = (text(.fadeinCommit), word(.fadeinModified), word(.gitDirty))
    path = text(.path)
    if case .shares(let shares)? = object[CodingKeys.work.rawValue] { work = shares }
  }
}

/// A JSON object of texts, canonical whole numbers, words, and ``WorkShares``.
struct PlainObject {
  enum Value {
    case text(String)
    case number(String)
    case word(Bool)
    case null
    case shares(WorkShares)
  }

  /// Keys of an object, and phases of a schedule: twice as many as ours have.
  private static let (mostKeys, mostPhases) = (64, 64)

  private var values: [String: Value] = [:]

  /// The value of `key`; nil when there is none.
  subscript(key: String) -> Value? { values[key] }

  /// Throws when `bytes` are something else, valid or not.
  init(_ bytes: [UInt8]) throws(JSONText.Mistake) {
    var (text, values) = (try JSONText(bytes), [String: Value]())
    try text.object(limit: Self.mostKeys) { (text, key) throws(JSONText.Mistake) in values[key] = try Self.value(&text) }
    try text.end()
    self.values = values
  }

  private static func value(_ text: inout JSONText) throws(JSONText.Mistake) -> Value {
    if text.isNext("\"") { return .text(try text.string()) }
    if text.isNext("{") { return .shares(try shares(&text)) }
    switch try text.word() {
    case "true": return .word(true)
    case "false": return .word(false)
    case "null": return .null
    case let word:
      // In one spelling only, as numbers in words have others.
      guard Int(word).map({ String($0) == word }) ?? UInt64(word).map({ String($0) == word }) ?? false else {
        throw text.mistake("no whole number")
      }
      return .number(word)
    }
  }

  private static func shares(_ text: inout JSONText) throws(JSONText.Mistake) -> WorkShares {
    var (iterations, shares): ([Int]?, [Double]?)
    try text.object(limit: 2) { (text, key) throws(JSONText.Mistake) in
      switch key {
      case "iterations": iterations = try text.naturals(limit: mostPhases)
      case "shares": shares = try numbers(&text)
      default: throw text.mistake("an unknown key")
      }
    }
    guard let iterations, let shares else { throw text.mistake("a key is missing") }
    return WorkShares(iterations: iterations, shares: shares)
  }

  private static func numbers(_ text: inout JSONText) throws(JSONText.Mistake) -> [Double] {
    var numbers: [Double] = []
    try text.expect("[")
    repeat {
      let word = try text.word()
      guard numbers.count < mostPhases, let number = Double(word), number.isFinite,
        ["\(number)", "\(number)".dropLast(2) + ""].contains(word)
      else { throw text.mistake("no number as it is written here") }
      numbers.append(number)
    } while text.accept(",")
    try text.expect("]")
    return numbers
  }
}
