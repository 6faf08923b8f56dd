/// A reader of bytes that come from outside, as the fuzzer and the replaying test call it.
enum FuzzTarget: String, CaseIterable, Sendable {
  case yaml, png, csv, safetensors, manifest

  /// Gives `bytes` to the reader. Refusing them is fine; throws ``BrokenLaw`` when something that must hold does not.
  func run(_ bytes: [UInt8]) throws {
    switch self {
    case .yaml: try YAMLTarget.run(bytes)
    case .png: try PNGTarget.run(bytes)
    case .csv: try CSVTarget.run(bytes)
    case .safetensors: try SafetensorsTarget.run(bytes)
    case .manifest: try ManifestTarget.run(bytes)
    }
  }
}

/// Something that must hold for all input did not.
struct BrokenLaw: Error {
  let law: String

  /// Throws when the law does not hold.
  static func unless(_ holds: Bool, _ law: @autoclosure () -> String) throws(BrokenLaw) {
    if !holds { throw BrokenLaw(law: law()) }
  }
}
