import Spec

/// Every combination once; the last parameter changes fastest.
package struct GridSearch: Strategy {
  package static let declaration = MethodDeclaration(name: "grid", doc: "Every combination of the values once")
  package static let isAdaptive = false

  private let parameters: [ParameterSpec]

  package init(_ settings: MethodSpec, _ parameters: [ParameterSpec]) { self.parameters = parameters }

  package var count: Int { parameters.reduce(1) { $0 * ($1.count ?? 1) } }

  package var planned: [Point] { (1...count).map { point($0, after: []) } }

  package func point(_ number: Int, after earlier: [Observation]) -> Point {
    Point(number: number - 1, in: parameters)
  }
}
