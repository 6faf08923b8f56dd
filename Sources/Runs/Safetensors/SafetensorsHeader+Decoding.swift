import Basics

/// Reading headers, which may come from anywhere: nothing is believed before it is checked.
extension SafetensorsHeader {
  typealias Problem = SafetensorsError.Problem

  /// Dimensions of the deepest tensor that is read.
  private static let mostDimensions = 16
  /// The most texts by key that are read; checkpoints have six.
  package static let mostMetadata = 1000
  /// Fields of a tensor: its type, shape and offsets.
  private static let tensorFields = 3

  /// One tensor as the JSON has it.
  private struct Claim {
    let name: String
    var type: String?
    var shape: [Int]?
    var offsets: [Int]?
  }

  /// The number of header bytes that the first eight bytes announce, checked against the file's size.
  static func length(_ word: [UInt8], fileSize: Int) throws(Problem) -> Int {
    guard word.count == Self.word else { throw .tooShort(bytes: fileSize) }
    let length = word.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(longest) else { throw .headerTooLarge(bytes: length) }
    guard Int(length) + Self.word <= fileSize else { throw .headerBeyondEnd(bytes: length, file: fileSize) }
    return Int(length)
  }

  /// Takes in the JSON text of a file of `fileSize` bytes. The tensors must cover the data without gap or overlap.
  init(json: [UInt8], fileSize: Int) throws(Problem) {
    var claims: [Claim] = []
    var metadata: [String: String] = [:]
    do throws(JSONText.Mistake) {
      (claims, metadata) = try Self.parse(json)
    } catch {
      throw .json(error.what, offset: error.offset)
    }
    var entries: [Entry] = []
    for claim in claims { entries.append(try Self.checked(claim)) }
    entries.sort { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }
    var end = 0
    for entry in entries {
      guard entry.range.lowerBound == end else { throw .gap(tensor: entry.name, begin: entry.range.lowerBound, expected: end) }
      end = entry.range.upperBound
    }
    let (size, overflow) = end.addingReportingOverflow(Self.word + json.count)
    guard !overflow, size == fileSize else { throw .wrongEnd(found: fileSize, expected: overflow ? .max : size) }
    self.init(entries: entries, metadata: metadata)
  }

  private static func parse(_ json: [UInt8]) throws(JSONText.Mistake) -> ([Claim], [String: String]) {
    var claims: [Claim] = []
    var metadata: [String: String] = [:]
    var text = try JSONText(json)
    guard json.first == UInt8(ascii: "{") else { throw text.mistake("no '{'") }
    // One more than tensors, for the metadata.
    try text.object(limit: mostTensors + 1) { (text, key) throws(JSONText.Mistake) in
      if key == "__metadata__" {
        try text.object(limit: mostMetadata) { (text, key) throws(JSONText.Mistake) in metadata[key] = try text.string() }
      } else {
        guard claims.count < mostTensors else { throw text.mistake("more than \(mostTensors) tensors") }
        claims.append(try claim(key, &text))
      }
    }
    try text.end()
    return (claims, metadata)
  }

  private static func claim(_ name: String, _ text: inout JSONText) throws(JSONText.Mistake) -> Claim {
    var claim = Claim(name: name)
    try text.object(limit: tensorFields) { (text, key) throws(JSONText.Mistake) in
      switch key {
      case "dtype": claim.type = try text.string()
      case "shape": claim.shape = try text.naturals(limit: mostDimensions)
      case "data_offsets": claim.offsets = try text.naturals(limit: 2)
      default: throw text.mistake("the unknown field '\(key.shortened)'")
      }
    }
    guard claim.type != nil, claim.shape != nil, claim.offsets?.count == 2 else {
      throw text.mistake("a tensor without dtype, shape or two data_offsets")
    }
    return claim
  }

  private static func checked(_ claim: Claim) throws(Problem) -> Entry {
    guard isAllowed(name: claim.name) else { throw .name(claim.name.shortened) }
    guard let text = claim.type, let shape = claim.shape, let offsets = claim.offsets else {
      preconditionFailure("'\(claim.name)' was parsed without its fields")
    }
    guard let type = TensorType(rawValue: text) else { throw .unknownType(text.shortened, tensor: claim.name) }
    var size = type.size
    for side in shape {
      let (product, overflow) = size.multipliedReportingOverflow(by: side)
      guard !overflow else { throw .overflow(tensor: claim.name) }
      size = product
    }
    guard offsets[1] >= offsets[0], offsets[1] - offsets[0] == size else {
      throw .wrongSize(tensor: claim.name, found: offsets[1] - offsets[0], expected: size)
    }
    return Entry(name: claim.name, type: type, shape: shape, range: offsets[0]..<offsets[1])
  }
}
