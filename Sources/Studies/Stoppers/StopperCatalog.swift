import Spec

/// The rules that a sweep file can name under `stopping`.
package enum StopperCatalog {
  static let all: [any Stopper.Type] = [ASHA.self, MedianRule.self]

  /// What each says of itself.
  package static var declarations: [MethodDeclaration] { all.map { $0.declaration } }

  /// The rule that `settings` names.
  package static func stopper(_ settings: MethodSpec) -> any Stopper {
    guard let type = all.first(where: { $0.declaration.name == settings.name }) else {
      preconditionFailure("a sweep that was read has no unknown rule '\(settings.name)'")
    }
    return type.init(settings)
  }
}
