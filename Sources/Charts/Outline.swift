import Foundation

/// The outlines of SVG, as text.
package enum Outline {
  /// The line through these points; "" for none.
  package static func line(_ points: [(x: Double, y: Double)]) -> String {
    points.enumerated().map { ($0.offset == 0 ? "M" : "L") + text($0.element.x) + " " + text($0.element.y) }.joined()
  }

  /// The area between two lines from left to right.
  package static func area(_ upper: [(x: Double, y: Double)], _ lower: [(x: Double, y: Double)]) -> String {
    upper.isEmpty ? "" : line(upper + lower.reversed()) + "Z"
  }

  /// A tenth of a unit is finer than any screen shows. Numbers far outside are cut: they are clipped anyway.
  package static func text(_ value: Double) -> String {
    let tenths = (min(max(value, -9999), 9999) * 10).rounded()
    let whole = Int(tenths)
    return whole % 10 == 0 ? String(whole / 10) : String(tenths / 10)
  }
}
