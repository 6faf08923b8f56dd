import Spec

/// The ways to search that a sweep file can name.
package enum StrategyCatalog {
  static let all: [any Strategy.Type] = [GridSearch.self, RandomSearch.self, TPESearch.self]

  /// What each says of itself.
  package static var declarations: [MethodDeclaration] { all.map { $0.declaration } }

  /// The strategy that `sweep` names.
  package static func strategy(for sweep: SweepSpec) -> any Strategy {
    type(named: sweep.search.name).init(sweep.search, sweep.parameters)
  }

  /// Whether the points of `sweep` depend on how earlier ones went.
  package static func isAdaptive(_ sweep: SweepSpec) -> Bool { type(named: sweep.search.name).isAdaptive }

  private static func type(named name: String) -> any Strategy.Type {
    guard let type = all.first(where: { $0.declaration.name == name }) else {
      preconditionFailure("a sweep that was read has no unknown search '\(name)'")
    }
    return type
  }
}
