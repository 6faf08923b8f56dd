/// What the spec needs to know of a loss term. The terms themselves live elsewhere and hand in their declarations.
package struct TermDeclaration: Sendable {
  /// Whose loss a term belongs to.
  package enum Network: String, CaseIterable, Sendable { case generator, discriminator }

  /// As in the YAML: `gradient_penalty`.
  package var name: String
  package var network: Network
  /// What the term does, one sentence without a full stop.
  package var doc: String
  package var settings: [TermSetting]

  /// The declaration of the term `name` of `network`'s loss.
  package init(name: String, network: Network, doc: String, settings: [TermSetting] = []) {
    self.name = name
    self.network = network
    self.doc = doc
    self.settings = settings
  }
}

/// One number that a loss term can be given.
package struct TermSetting: Sendable {
  package var key: String
  /// What the number does, one sentence without a full stop.
  package var doc: String
  package var range: NumberRange
  package var `default`: Double

  /// The setting `key`, which is `default` unless a spec says otherwise.
  package init(key: String, doc: String, range: NumberRange, default: Double) {
    self.key = key
    self.doc = doc
    self.range = range
    self.default = `default`
  }
}
