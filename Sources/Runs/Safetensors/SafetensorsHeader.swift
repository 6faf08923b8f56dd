/// The part of a safetensors file before the data: which tensors there are, and text by key.
package struct SafetensorsHeader: Equatable, Sendable {
  /// Where one tensor is.
  package struct Entry: Equatable, Sendable {
    package let name: String
    package let type: TensorType
    package let shape: [Int]
    /// Its bytes, counted from the beginning of the data.
    package let range: Range<Int>
  }

  /// Bytes of the longest header that is read: checkpoints of the largest networks here need a hundredth of it.
  package static let longest = 16 << 20
  /// The most tensors that are read.
  package static let mostTensors = 10_000
  /// Bytes of the longest tensor name.
  package static let longestName = 256
  /// Bytes of the length field, and the multiple that headers are padded to.
  static let word = 8

  /// In the order of their data.
  package let entries: [Entry]
  package let metadata: [String: String]

  /// Bytes of all tensors together.
  package var dataSize: Int { entries.last?.range.upperBound ?? 0 }

  /// The entry of a tensor, or nil.
  package subscript(name: String) -> Entry? { places[name].map { entries[$0] } }

  /// The places of the names among the entries.
  private let places: [String: Int]

  init(entries: [Entry], metadata: [String: String]) {
    self.entries = entries
    self.metadata = metadata
    places = Dictionary(zip(entries.map(\.name), entries.indices)) { first, _ in first }
  }

  /// The header of these tensors, which get the reference writer's order: by element type, then by name.
  init(_ tensors: [NamedTensor], metadata: [String: String]) {
    var entries: [Entry] = []
    var end = 0
    for tensor in Self.ordered(tensors) {
      precondition(entries.last?.name != tensor.name, "two tensors are named '\(tensor.name)'")
      let size = tensor.shape.reduce(tensor.type.size, *)
      entries.append(Entry(name: tensor.name, type: tensor.type, shape: tensor.shape, range: end..<end + size))
      end += size
    }
    precondition(Set(entries.map(\.name)).count == entries.count, "two tensors have the same name")
    self.init(entries: entries, metadata: metadata)
  }

  static func ordered(_ tensors: [NamedTensor]) -> [NamedTensor] {
    tensors.sorted { left, right in
      left.type == right.type
        ? left.name.utf8.lexicographicallyPrecedes(right.name.utf8) : left.type.rank > right.type.rank
    }
  }

  /// Names are short, printable, and could not be taken for a path that leads upward.
  static func isAllowed(name: String) -> Bool {
    guard !name.isEmpty, name.utf8.count <= longestName, !name.hasPrefix("/"), name != "__metadata__" else { return false }
    guard name.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else { return false }
    return !name.split(separator: "/", omittingEmptySubsequences: false).contains("..")
  }

  /// The length field and the JSON text, padded with spaces to a multiple of 8 bytes. Keys of the metadata are sorted.
  var encoded: [UInt8] {
    var items: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      items.append(
        "\"__metadata__\":{" + pairs.map { JSONText.quoted($0) + ":" + JSONText.quoted($1) }.joined(separator: ",") + "}")
    }
    for entry in entries {
      let shape = entry.shape.map(String.init).joined(separator: ",")
      let offsets = "\(entry.range.lowerBound),\(entry.range.upperBound)"
      items.append(
        "\(JSONText.quoted(entry.name)):{\"dtype\":\"\(entry.type.rawValue)\",\"shape\":[\(shape)],\"data_offsets\":[\(offsets)]}")
    }
    var text = Array("{\(items.joined(separator: ","))}".utf8)
    while text.count % Self.word != 0 { text.append(UInt8(ascii: " ")) }
    return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) } + text
  }
}
