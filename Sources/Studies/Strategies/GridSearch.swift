import Spec

/// Every combination once; the last parameter changes fastest.
package struct GridSearch: Strategy {
  package struct Settings: Equatable, Sendable { package init() {} }

  package static var schema: ObjectSchema<Settings> { ObjectSchema("grid", "Every combination of the values once", Settings()) }
  package static let isAdaptive = false

  package static func points(_ settings: Settings) -> Int? { nil }

  private let parameters: [ParameterSpec]

  package init(_ settings: Settings, _ parameters: [ParameterSpec]) { self.parameters = parameters }

  package var seed: UInt64? { nil }

  package var count: Int { parameters.reduce(1) { $0 * ($1.count ?? 1) } }

  package var planned: [Point] { (1...count).map { point($0, after: []) } }

  package func point(_ number: Int, after earlier: [Observation]) -> Point {
    Point(number: number - 1, in: parameters)
  }
}
