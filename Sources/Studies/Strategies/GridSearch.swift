import Spec

/// Every combination once; the last parameter changes fastest.
package struct GridSearch: Strategy {
  package static let declaration = MethodDeclaration(name: "grid", doc: "Every combination of the values once")
  package static let isAdaptive = false

  private let parameters: [ParameterSpec]

  package init(_ settings: MethodSpec, _ parameters: [ParameterSpec]) { self.parameters = parameters }

  package var count: Int { parameters.reduce(1) { $0 * ($1.count ?? 1) } }

  package func point(_ number: Int, after earlier: [Observation]) -> Point {
    var rest = number - 1
    let coordinates = parameters.reversed().map { parameter in
      let count = parameter.count ?? 1
      defer { rest /= count }
      return parameter.coordinate(rest % count)
    }
    return Point(coordinates.reversed())
  }
}

extension ParameterSpec {
  /// The coordinate of value number `index`, counted from 0.
  func coordinate(_ index: Int) -> Double {
    if case .integers(let range) = space { Double(range.lowerBound + index) } else { Double(index) }
  }
}
