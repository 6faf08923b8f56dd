/// The ``Declared`` things of one kind, in the order in which documents list them.
///
///     let searches = Catalog([GridSearch.self, RandomSearch.self, TPESearch.self])
///     searches.keys                   // ["grid", "random", "tpe"]
///     searches.type("tpe")            // TPESearch.self
package struct Catalog: Sendable {
  package let types: [any Declared.Type]

  /// The things of these types, no two with the same key.
  package init(_ types: [any Declared.Type]) {
    self.types = types
    precondition(Set(keys).count == types.count, "two of \(keys) have the same key")
  }

  package var keys: [String] { types.map { $0.key } }

  /// The type that `key` names; nil when there is none.
  package func type(_ key: String) -> (any Declared.Type)? { types.first { $0.key == key } }

  /// All of them, each with its defaults.
  package var choices: [Choice] { types.map { Choice($0) } }

  /// The schemas of their settings.
  var schemas: [ObjectSchema<Choice>] { types.map { $0.erasedSchema } }
}
