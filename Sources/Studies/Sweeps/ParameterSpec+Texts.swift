import Basics
import Spec

extension ParameterSpec {
  /// What an override says at each path for a coordinate.
  package func texts(_ coordinate: Double) -> [String] {
    switch space {
    case .choices(let choices): choices[Int(coordinate)]
    case .integers: [String(Int(coordinate))]
    case .uniform, .logUniform: [coordinate.spelled]
    }
  }

  /// The coordinate that has these texts, as a table spells them; nil when none has.
  package func coordinate(of texts: [String]) -> Double? {
    switch space {
    case .choices(let choices):
      choices.firstIndex { zip($0, texts).allSatisfy(Self.isSame) }.map(Double.init)
    case .integers(let range): Int(texts[0]).flatMap { range.contains($0) ? Double($0) : nil }
    case .uniform(let range), .logUniform(let range): Double(texts[0]).flatMap { range.contains($0) ? $0 : nil }
    }
  }

  private static func isSame(_ a: String, _ b: String) -> Bool {
    // By bytes: as strings, two spellings of a name are equal.
    if a.utf8.elementsEqual(b.utf8) { return true }
    guard let a = Double(a), let b = Double(b) else { return false }
    return a == b
  }
}

extension SweepSpec {
  /// What overrides say for `point`, a text for each of ``paths``.
  package func values(of point: Point) -> [String] {
    zip(parameters, point.coordinates).flatMap { $0.texts($1) }
  }

  /// The point whose values these are; nil when it is outside of the space.
  package func point(of values: [String]) -> Point? {
    var (coordinates, rest): ([Double], ArraySlice<String>) = ([], values[...])
    for parameter in parameters {
      let texts = Array(rest.prefix(parameter.paths.count))
      rest = rest.dropFirst(texts.count)
      guard texts.count == parameter.paths.count, let coordinate = parameter.coordinate(of: texts) else { return nil }
      coordinates.append(coordinate)
    }
    return Point(coordinates)
  }
}
