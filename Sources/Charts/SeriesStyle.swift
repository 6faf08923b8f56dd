/// How a series looks, by its number: distinguished by color, dashes and the shape of its marks, so that two of the three may fail.
package struct SeriesStyle: Equatable {
  /// Colors of the palette; the style sheet names them `s0`, `s1` and so on, for light and for dark.
  package static let colors = 6
  /// Series that look different: each color without and with dashes.
  package static let count = 2 * colors

  package let number: Int

  /// The style of series `number`, from 0 below ``count``.
  package init(_ number: Int) {
    precondition((0..<Self.count).contains(number), "there is no style \(number)")
    self.number = number
  }

  /// The class that gives an element its color.
  package var color: String { "s\(number % Self.colors)" }

  /// The attribute `stroke-dasharray`.
  package var dashes: String { number < Self.colors ? "none" : "5 3" }

  /// The outline of a mark around (x, y): six forms.
  package func mark(x: Double, y: Double, size r: Double = 3.5) -> String {
    let corners: [(Double, Double)]
    switch number % Self.colors {
    case 0:
      return
        "M\(Outline.text(x - r)) \(Outline.text(y))a\(Outline.text(r)) \(Outline.text(r)) 0 1 0 \(Outline.text(2 * r)) 0a\(Outline.text(r)) \(Outline.text(r)) 0 1 0 \(Outline.text(-2 * r)) 0Z"
    case 1: corners = [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)]
    case 2: corners = [(0, -1.2), (1.1, 0.8), (-1.1, 0.8)]
    case 3: corners = [(0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)]
    case 4: corners = [(0, 1.2), (1.1, -0.8), (-1.1, -0.8)]
    default:
      corners = [
        (-0.4, -1.2), (0.4, -1.2), (0.4, -0.4), (1.2, -0.4), (1.2, 0.4), (0.4, 0.4), (0.4, 1.2), (-0.4, 1.2), (-0.4, 0.4),
        (-1.2, 0.4),
        (-1.2, -0.4), (-0.4, -0.4),
      ]
    }
    return Outline.line(corners.map { (x + $0 * r, y + $1 * r) }) + "Z"
  }

  /// A short piece of the line with its mark, to stand beside a name.
  package var swatch: HTML {
    tag("svg", ["class": "swatch", "viewBox": "0 0 30 12", "width": "30", "height": "12", "aria-hidden": "true"]) {
      tag("g", ["class": color]) {
        tag("path", ["class": "line", "d": "M1 6H29", "stroke-dasharray": dashes])
        tag("path", ["class": "mark", "d": mark(x: 15, y: 6)])
      }
    }
  }
}
