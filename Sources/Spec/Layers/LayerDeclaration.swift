/// What is checked of a layer before anything is built of it.
///
///     let features = try MinibatchDeviation.result(settings, of: Features(channels: 64, side: 4), at: place)   // 65 channels of 4x4
package protocol LayerDeclaration: Declared {
  /// Whether what comes after a convolution makes it a hidden layer, for which weights are drawn larger.
  static var isActivation: Bool { get }
  /// Whether a convolution and its activation stay together with this layer between them.
  static var isTransparent: Bool { get }
  /// The features that leave the layer. Throws why it cannot stand there.
  static func result(_ settings: Settings, of x: Features, at place: LayerPlace) throws(LayerMistake) -> Features
  /// What the layer wants of a minibatch that `batch` images are not, as in `not a multiple of the 4 of`, and the setting that says so.
  static func obstacle(_ settings: Settings, batch: Int) -> (words: String, setting: String)?
  /// Whether what leaves depends on the other images of a minibatch so much that no image has a gradient of its own.
  static var joinsImages: Bool { get }
  /// Whether the mapped latent tells it something.
  static var usesStyle: Bool { get }
}

extension LayerDeclaration {
  package static var isActivation: Bool { false }
  package static var isTransparent: Bool { false }
  package static func obstacle(_ settings: Settings, batch: Int) -> (words: String, setting: String)? { nil }
  package static var joinsImages: Bool { false }
  package static var usesStyle: Bool { false }
}

/// A layer that holds lists of layers, which have the settings of their kinds in the network unless they say otherwise.
package protocol LayerContainer: LayerDeclaration {
  /// The schema in a network whose layers have these settings.
  static func schema(_ defaults: [Choice]) -> ObjectSchema<Settings>
  /// Its lists, each with its key.
  static func lists(_ settings: Settings) -> [(key: String, layers: [LayerSpec])]
}

/// What a layer sees or leaves: images of `channels` planes of `side` x `side` pixels.
package struct Features: Equatable, Sendable, CustomStringConvertible {
  package var channels: Int
  package var side: Int

  package init(channels: Int, side: Int) { (self.channels, self.side) = (channels, side) }

  /// As in `[N, 64, 8, 8]`.
  package var description: String { "[N, \(channels), \(side), \(side)]" }
}

/// Where a layer stands: the channels that enter and leave its level of the ladder, and what else it may look at.
package struct LayerPlace: Sendable {
  package let entering: Int
  package let leaving: Int
  /// What leaves the levels before its own, by the side of their images.
  package var earlier: [Int: Features] = [:]
  /// Channels of the mapped latent; nil without a mapping.
  package var style: Int?

  package init(entering: Int, leaving: Int) { (self.entering, self.leaving) = (entering, leaving) }
}

/// Why a layer cannot stand where it does.
package struct LayerMistake: Error {
  package let message: String
  package let note: String?

  package init(_ message: String, note: String? = nil) { (self.message, self.note) = (message, note) }
}

/// Channels that leave a layer: those that enter the level, those that leave it, or a number.
package enum LayerWidth: Hashable, Sendable {
  case entering, leaving
  case channels(Int)

  package func channels(at place: LayerPlace) -> Int {
    switch self {
    case .entering: place.entering
    case .leaving: place.leaving
    case .channels(let count): count
    }
  }
}

extension FieldType where Value == LayerWidth {
  /// `in`, `out` or a number.
  package static var width: Self {
    let number = FieldType<Int>.integer(SpecLimits.channels)
    let words = ["in": LayerWidth.entering, "out": .leaving]
    let expected = "in, out or \(number.expected)"
    return FieldType(
      expected: expected,
      schema: .object([
        (key: "anyOf", value: .array([.object([(key: "enum", value: .array([.string("in"), .string("out")]))]), number.schema]))
      ]),
      read: { node, value, reader in
        guard case .scalar(let text, _) = node.content else { return reader.report(node, expected: expected) }
        if let word = words[text] { return value = word }
        guard let count = try? NumberGrammar.integer(text, as: Int.self), SpecLimits.channels.contains(count) else {
          return reader.report(node, expected: expected)
        }
        value = .channels(count)
      },
      write: { width in
        switch width {
        case .entering: .plain("in")
        case .leaving: .plain("out")
        case .channels(let count): .plain(String(count))
        }
      })
  }
}
