/// One of the two networks.
package enum NetworkRole: String, CaseIterable, Sendable {
  case generator, discriminator
}

/// Something that each of the two networks has.
package struct PerNetwork<Value> {
  package var generator: Value
  package var discriminator: Value

  package init(generator: Value, discriminator: Value) {
    self.generator = generator
    self.discriminator = discriminator
  }

  /// What `make` gives for each, the generator's first.
  package init<Failure: Error>(_ make: (NetworkRole) throws(Failure) -> Value) throws(Failure) {
    generator = try make(.generator)
    discriminator = try make(.discriminator)
  }

  package subscript(_ network: NetworkRole) -> Value {
    get { network == .generator ? generator : discriminator }
    set { if network == .generator { generator = newValue } else { discriminator = newValue } }
  }
}

extension PerNetwork: Sendable where Value: Sendable {}
extension PerNetwork: Equatable where Value: Equatable {}
