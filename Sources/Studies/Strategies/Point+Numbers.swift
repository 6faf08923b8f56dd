import Spec

/// The points of a space, in an order: the last parameter changes fastest. Those of a small space are numbered from 0 on.
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

  /// How many points the space of `parameters` has; nil when they are beyond counting.
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

  /// The point that follows this one in the space of `parameters`; the first follows the last.
  func next(in parameters: [ParameterSpec]) -> Point {
    var next = self
    for (index, parameter) in parameters.enumerated().reversed() {
      let number = parameter.number(of: coordinates[index])
      next.coordinates[index] = parameter.coordinate(number == parameter.last ? 0 : number + 1)
      if number < parameter.last { break }
    }
    return next
  }
}

/// The values of a parameter, numbered from 0 on. Between the ends of a range there are as many as the machine has numbers there.
extension ParameterSpec {
  /// How many values there are; nil when they are beyond counting.
  var size: Int? { last < .max ? last + 1 : nil }

  /// The number of the last value; the highest there is when that is beyond counting.
  fileprivate var last: Int {
    let (first, last) =
      switch space {
      case .choices(let choices): (0, choices.count - 1)
      case .integers(let range): (range.lowerBound, range.upperBound)
      case .uniform(let range), .logUniform(let range): (range.lowerBound.place, range.upperBound.place)
      }
    let (count, isBeyond) = last.subtractingReportingOverflow(first)
    return isBeyond ? .max : count
  }

  /// The coordinate of value `number`.
  fileprivate func coordinate(_ number: Int) -> Double {
    switch space {
    case .choices: Double(number)
    case .integers(let range): Double(range.lowerBound + number)
    case .uniform(let range), .logUniform(let range): Double(place: range.lowerBound.place + number)
    }
  }

  /// The number of the value with this `coordinate`.
  fileprivate func number(of coordinate: Double) -> Int {
    let number =
      switch space {
      case .choices: Int(coordinate)
      case .integers(let range): Int(coordinate) &- range.lowerBound
      case .uniform(let range), .logUniform(let range): coordinate.place &- range.lowerBound.place
      }
    return min(max(number, 0), last)
  }
}

extension Double {
  /// The place among all numbers, in their order: 0 for zero of either sign, and one more for each number above.
  fileprivate var place: Int { sign == .minus ? -Int(magnitude.bitPattern) : Int(bitPattern) }

  fileprivate init(place: Int) {
    self = Double(bitPattern: UInt64(place.magnitude))
    if place < 0 { negate() }
  }
}
