import Basics
import Spec

/// The points of a space that were tried: trained again, they would end with the same bytes.
struct TriedPoints {
  /// Draws before the rest is looked at one by one. When a point is drawn that often in vain, few are left.
  private static let mostDraws = 50
  /// Points of a space that is looked at one by one.
  private static let mostCounted = 100_000

  private let parameters: [ParameterSpec]
  private var points: Set<Point>
  /// Every point that is left, in the order of the space; nil before few are.
  private var rest: [Point]?

  /// The points in `earlier`, whatever their outcome.
  init(_ earlier: [Observation], in parameters: [ParameterSpec]) {
    self.parameters = parameters
    points = Set(earlier.map(\.point))
  }

  /// Notes that a point is tried.
  mutating func insert(_ point: Point) {
    points.insert(point)
    if let index = rest?.firstIndex(of: point) { rest?.remove(at: index) }
  }

  /// A point that was not tried, if there is one: the first such that `draw` gives, else `choose` decides among all that are left, or
  /// among too many to look at, the next one.
  mutating func untried(
    _ stream: inout RandomStream, draw: (inout RandomStream) -> Point, choose: ([Point], inout RandomStream) -> Point
  ) -> Point {
    let first = draw(&stream)
    guard points.contains(first) else { return first }
    for _ in 1..<Self.mostDraws {
      let point = draw(&stream)
      if !points.contains(point) { return point }
    }
    guard let count = Point.count(in: parameters), count <= Self.mostCounted else {
      // Far more than a sweep can try, but draws may come to few of them.
      var point = first
      for _ in points where points.contains(point) { point = point.next(in: parameters) }
      return point
    }
    let rest = self.rest ?? (0..<count).map { Point(number: $0, in: parameters) }.filter { !points.contains($0) }
    self.rest = rest
    return rest.isEmpty ? first : choose(rest, &stream)
  }
}
