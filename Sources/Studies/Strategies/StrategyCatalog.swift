import Spec

/// The ways to search that a sweep file can name; the first is that of a sweep that names none.
package enum StrategyCatalog {
  package static let strategies = Catalog([
    GridSearch.self,
    RandomSearch.self,
    TPESearch.self,
  ])
}

extension SweepSpec {
  /// The strategy that the sweep names, over its parameters.
  package var strategy: any Strategy {
    func make<Search: Strategy>(_ type: Search.Type) -> any Strategy { type.init(search.settings(of: type), parameters) }
    guard let type = search.type as? any Strategy.Type else { preconditionFailure("\(search.type) is no strategy") }
    return make(type)
  }
}
