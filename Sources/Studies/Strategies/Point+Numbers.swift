import Spec

/// The points of a space that has so many, numbered from 0 on; the last parameter changes fastest.
extension Point {
  /// Point `number` of the space of `parameters`, each of which has a ``Spec/ParameterSpec/size``.
  init(number: Int, in parameters: [ParameterSpec]) {
    var rest = number
    let coordinates = parameters.reversed().map { parameter in
      let count = parameter.size ?? 1
      defer { rest /= count }
      return parameter.coordinate(rest % count)
    }
    self.init(coordinates.reversed())
  }

  /// How many points the space of `parameters` has; nil when a range has no end of numbers, or when they are beyond counting.
  static func count(in parameters: [ParameterSpec]) -> Int? {
    var product = 1
    for parameter in parameters {
      guard let size = parameter.size else { return nil }
      let (result, overflow) = product.multipliedReportingOverflow(by: size)
      if overflow { return nil }
      product = result
    }
    return product
  }
}

extension ParameterSpec {
  /// How many values there are; nil for a range with more than one real number.
  var size: Int? {
    switch space {
    case .uniform(let range), .logUniform(let range): range.lowerBound == range.upperBound ? 1 : nil
    case .choices, .integers: count
    }
  }

  /// The coordinate of value number `index`, counted from 0.
  fileprivate func coordinate(_ index: Int) -> Double {
    switch space {
    case .choices: Double(index)
    case .integers(let range): Double(range.lowerBound + index)
    case .uniform(let range), .logUniform(let range): range.lowerBound
    }
  }
}
