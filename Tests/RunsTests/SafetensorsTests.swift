import Basics
import Foundation
import Runs
import Testing
import TestSupport

@Suite struct SafetensorsTests {
  let files = LocalFileSystem()

  /// Tensors of prime, unit, zero and no dimensions.
  static func samples() -> [NamedTensor] {
    var random = RandomStream(seed: 7, name: "tensors")
    let floats = (0..<3 * 5 * 7).map { _ in Float(bitPattern: UInt32(truncatingIfNeeded: random.next())) }
    return [
      NamedTensor("b.weight", shape: [3, 5, 7], floats),
      NamedTensor("a.weight", shape: [13], (0..<13).map { _ in Float(random.uniform()) }),
      NamedTensor("scalar", shape: [], [Float.infinity]),
      NamedTensor("nothing", shape: [2, 0, 3], [Float]()),
      NamedTensor("cursor", shape: [11], (0..<11).map { _ in Int64(bitPattern: random.next()) }),
      NamedTensor("input/ä \"quoted\"", shape: [17], (0..<17).map { _ in UInt8(truncatingIfNeeded: random.next()) }),
    ]
  }

  static let metadata = ["z": "1", "a": "line\nbreak \"quoted\" \\ \u{1} é 😀", "": "empty key"]

  private func write(_ bytes: [UInt8], _ folder: TemporaryFolder) throws -> String {
    let path = folder("t.safetensors")
    try AtomicFile.write(bytes, to: path, in: files)
    return path
  }

  @Test
  func `tensors and metadata come back bit for bit`() throws {
    let folder = try TemporaryFolder()
    let path = folder("t.safetensors")
    let tensors = Self.samples()
    try Safetensors.write(tensors, metadata: Self.metadata, to: path, in: files)
    #expect(try files.contents(of: path, limit: 1 << 20) == Safetensors.encoded(tensors, metadata: Self.metadata))

    let file = try SafetensorsFile(path, in: files)
    #expect(file.metadata == Self.metadata)
    #expect(Set(file.names) == Set(tensors.map(\.name)))
    for tensor in tensors {
      let expected = tensor.withBytes { Array($0) }
      var found = [UInt8](repeating: 0, count: expected.count)
      try found.withUnsafeMutableBytes { try file.read(tensor.name, tensor.type, shape: tensor.shape, into: $0) }
      #expect(found == expected, "\(tensor.name)")
      #expect(try file.shape(tensor.name) == tensor.shape)
    }
    #expect(try file.floats("scalar") == [.infinity])
    #expect(try file.floats("nothing") == [])
    #expect(try file.integers("cursor").count == 11)
    #expect(try file.bytes("input/ä \"quoted\"").count == 17)
  }

  @Test
  func `the order of tensors is that of the reference writer: by type, then by name`() throws {
    let folder = try TemporaryFolder()
    let path = try write(Safetensors.encoded(Self.samples()), folder)
    let names = try SafetensorsFile(path, in: files).names
    #expect(names == ["cursor", "a.weight", "b.weight", "nothing", "scalar", "input/ä \"quoted\""])
    #expect(Safetensors.encoded(Self.samples()) == Safetensors.encoded(Self.samples().reversed()))
  }

  @Test
  func `a small file has exactly these bytes`() {
    let bytes = Safetensors.encoded(
      [NamedTensor("w", shape: [2], [Float(1), -2]), NamedTensor("n", shape: [1], [Int64(3)])], metadata: ["k": "v"])
    let header =
      #"{"__metadata__":{"k":"v"},"n":{"dtype":"I64","shape":[1],"data_offsets":[0,8]},"#
      + #""w":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}"#
    let padded = header + String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    let data: [UInt8] = [3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 128, 63, 0, 0, 0, 192]
    #expect(bytes == [UInt8(padded.utf8.count), 0, 0, 0, 0, 0, 0, 0] + Array(padded.utf8) + data)
  }

  @Test
  func `a file cut anywhere is refused`() throws {
    let folder = try TemporaryFolder()
    let bytes = Safetensors.encoded(Self.samples(), metadata: Self.metadata)
    let path = try write(bytes, folder)
    let file = try files.open(path, .append)
    defer { try? files.close(file) }
    for count in (0..<bytes.count).reversed() {
      try files.truncate(file, to: count)
      #expect(throws: SafetensorsError.self, "cut at \(count)") { try SafetensorsFile(path, in: files) }
    }
  }

  @Test
  func `another name, type or shape than asked for is an error that says so`() throws {
    let folder = try TemporaryFolder()
    let path = try write(Safetensors.encoded(Self.samples()), folder)
    let file = try SafetensorsFile(path, in: files)
    let missing = #expect(throws: SafetensorsError.self) { try file.floats("none") }
    #expect(missing?.description == "cannot use '\(path)': it has no tensor 'none'")
    #expect(throws: SafetensorsError.self) { try file.floats("cursor") }
    var room = [Float](repeating: 0, count: 13)
    #expect(throws: SafetensorsError.self) {
      try room.withUnsafeMutableBytes { try file.read("a.weight", .float32, shape: [1, 13], into: $0) }
    }
  }

  /// A file of this header and as many data bytes.
  private static func file(_ json: String, data: Int) -> [UInt8] {
    withUnsafeBytes(of: UInt64(json.utf8.count).littleEndian) { Array($0) } + Array(json.utf8)
      + [UInt8](repeating: 0, count: data)
  }

  private static func tensor(_ name: String, _ type: String = "F32", _ shape: String = "1", _ offsets: String = "0,4") -> String {
    #""\#(name)":{"dtype":"\#(type)","shape":[\#(shape)],"data_offsets":[\#(offsets)]}"#
  }

  @Test
  func `the hostile files' template itself is accepted`() throws {
    let folder = try TemporaryFolder()
    let accepted = [
      "{\(Self.tensor("a"))}", "{ \(Self.tensor("a")) , \"__metadata__\" : { \"k\\u00e9\\ud83d\\ude00\" : \"v\" } } \n",
    ]
    for json in accepted {
      #expect(try SafetensorsFile(try write(Self.file(json, data: 4), folder), in: files).names == ["a"])
    }
    #expect(try SafetensorsFile(try write(Self.file("{}", data: 0), folder), in: files).names == [])
  }

  static let hostile: [(String, Int)] = [
    ("{\(tensor("a", "F32", "1", "4,8"))}", 8),  // a hole before
    ("{\(tensor("a")),\(tensor("b", "F32", "1", "8,12"))}", 12),  // a hole between
    ("{\(tensor("a")),\(tensor("b", "F32", "1", "2,6"))}", 6),  // an overlap
    ("{\(tensor("a")),\(tensor("b"))}", 4),  // the same bytes twice
    ("{\(tensor("a"))}", 5),  // bytes after the data
    ("{\(tensor("a"))}", 3),  // too few bytes
    ("{\(tensor("a", "F32", "2"))}", 4),  // a shape of another size
    ("{\(tensor("a", "F32", "1", "4,0"))}", 4),  // the end before the beginning
    ("{\(tensor("a", "F32", "4294967296,4294967296", "0,0"))}", 0),  // a product that overflows
    ("{\(tensor("a", "F32", "4611686018427387904", "0,0"))}", 0),
    ("{\(tensor("a", "F32", "99999999999999999999", "0,4"))}", 4),
    ("{\(tensor("a", "F32", "-1"))}", 4),
    ("{\(tensor("a", "F32", "1", "-4,0"))}", 4),
    ("{\(tensor("a", "F32", "1.0"))}", 4),
    ("{\(tensor("a", "F32", "01"))}", 4),
    ("{\(tensor("a", "F32", "1", "0"))}", 4),
    ("{\(tensor("a", "F32", "1", "0,4,4"))}", 4),
    ("{\(tensor("a", "F33"))}", 4),
    ("{\(tensor("a", "f32"))}", 4),
    ("{\(tensor("a")),\(tensor("a"))}", 4),  // the same key twice
    ("{\(tensor("a")),\"\\u0061\":{}}", 4),  // the same key in other letters
    (" {\(tensor("a"))}", 4),  // space before
    ("[\(tensor("a"))]", 4),
    ("{\(tensor("a"))", 4),
    ("{\(tensor("a"))}}", 4),
    ("{\(tensor("a")),}", 4),
    ("{\(tensor("../a"))}", 4),
    ("{\(tensor("a/../b"))}", 4),
    ("{\(tensor("/a"))}", 4),
    ("{\(tensor(""))}", 4),
    ("{\(tensor("a\\u0000b"))}", 4),
    ("{\(tensor(String(repeating: "n", count: 257)))}", 4),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"extra":[]}}"#, 4),
    (#"{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 4),
    (#"{"a":{"dtype":"F32","shape":[1]}}"#, 4),
    (#"{"a":[]}"#, 0),
    (#"{"__metadata__":{"k":1}}"#, 0),
    (#"{"__metadata__":{"k":null}}"#, 0),
    (#"{"__metadata__":{"k":"v","k":"v"}}"#, 0),
    (#"{"__metadata__":"v"}"#, 0),
    (#"{"__metadata__":{"k":"\ud800"}}"#, 0),
    (#"{"__metadata__":{"k":"\ud800\u0041"}}"#, 0),
    (#"{"__metadata__":{"k":"\x"}}"#, 0),
    (#"{"__metadata__":{"k":"\u+123"}}"#, 0),
    ("{\"__metadata__\":{\"k\":\"\u{1}\"}}", 0),
    (String(repeating: "{\"a\":", count: 100_000), 0),
    (String(repeating: "[", count: 100_000), 0),
    ("", 0),
    ("{\"\u{e9}\":{},\"e\u{301}\":{}}", 0),
    (#"{"__metadata__":{"a":"","a\u0000":"","a":""}}"#, 0),
    ("{\"__metadata__\":{" + (0...1000).map { "\"\($0)\":\"\"" }.joined(separator: ",") + "}}", 0),
    ("{\(tensor("a", "F32", (0...16).map { _ in "1" }.joined(separator: ",")))}", 4),  // 17 dimensions
    ("{\(tensor("a", "F32", "0,4611686018427387904,4611686018427387904,4", "0,4"))}", 4),
  ]

  @Test(arguments: hostile.indices)
  func `hostile headers are refused`(index: Int) throws {
    let folder = try TemporaryFolder()
    let (json, data) = Self.hostile[index]
    let path = try write(Self.file(json, data: data), folder)
    #expect(throws: SafetensorsError.self, "\(json.prefix(200))") { try SafetensorsFile(path, in: files) }
  }

  @Test(arguments: [1 << 40, UInt64.max, UInt64(SafetensorsHeader.longest) + 1, 100])
  func `a header length is not believed`(length: UInt64) throws {
    let folder = try TemporaryFolder()
    let path = try write(withUnsafeBytes(of: length.littleEndian) { Array($0) } + Array("{}".utf8), folder)
    #expect(throws: SafetensorsError.self) { try SafetensorsFile(path, in: files) }
  }

  @Test
  func `a refusal never repeats much of what was in the file`() throws {
    let folder = try TemporaryFolder()
    let long = String(repeating: "n", count: 100_000)
    let texts = [
      "{\"\(long)\":{},\"\(long)\":{}}", "{\(Self.tensor(long))}", "{\(Self.tensor("a", long))}",
      "{\"a\":{\"\(long)\":1}}",
    ]
    for text in texts {
      let path = try write(Self.file(text, data: 4), folder)
      let error = #expect(throws: SafetensorsError.self) { try SafetensorsFile(path, in: files) }
      #expect((error?.description.utf8.count ?? 0) < 500)
    }
  }

  @Test
  func `a folder, a pipe, a device and a link to itself are no safetensors files, and nobody waits for them`() throws {
    let folder = try TemporaryFolder()
    try #require(mkfifo(folder("pipe"), 0o600) == 0)
    try #require(symlink(folder("loop"), folder("loop")) == 0)
    for path in [folder.path, folder("pipe"), folder("loop"), "/dev/zero", "/dev/null"] {
      #expect(throws: FileError.self, "\(path)") { try SafetensorsFile(path, in: files) }
    }
  }

  @Test
  func `text that is not UTF-8 is refused`() throws {
    let folder = try TemporaryFolder()
    let json = Array(#"{"__metadata__":{"k":"v"}}"#.utf8).map { $0 == UInt8(ascii: "v") ? 0xff : $0 }
    let path = try write([UInt8(json.count), 0, 0, 0, 0, 0, 0, 0] + json, folder)
    #expect(throws: SafetensorsError.self) { try SafetensorsFile(path, in: files) }
  }

  @Test
  func `more tensors than allowed are refused`() throws {
    let folder = try TemporaryFolder()
    let items = (0...SafetensorsHeader.mostTensors).map { Self.tensor("t\($0)", "F32", "0", "0,0") }
    let path = try write(Self.file("{\(items.joined(separator: ","))}", data: 0), folder)
    #expect(throws: SafetensorsError.self) { try SafetensorsFile(path, in: files) }
  }
}
