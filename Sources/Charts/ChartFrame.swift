/// What all charts share: their size, the axes with grid lines and labels, and the frame that nothing leaves.
package struct ChartFrame {
  /// Units of a chart, which are about pixels.
  package static let width = 400.0
  package static let height = 240.0
  package static let (left, right, top, bottom) = (50.0, 12.0, 18.0, 34.0)

  /// So much of a mark at the frame's side is seen beyond it.
  private static let markRoom = 5.0

  /// Left and right end of what is drawn.
  package static let horizontal = (from: left, to: width - right)
  /// Lower and upper end of what is drawn: numbers grow upward.
  package static let vertical = (from: height - bottom, to: top)

  /// The `svg` of a chart with this content, which readers of the screen call `label`. `number` distinguishes the charts of a page.
  package static func svg(_ label: String, number: Int, @HTMLBuilder _ content: () -> HTML) -> HTML {
    let box = "0 0 \(Outline.text(width)) \(Outline.text(height))"
    return tag("svg", ["class": "chart", "viewBox": box, "role": "img", "aria-label": label]) {
      tag("clipPath", ["id": "frame\(number)"]) {
        tag(
          "rect",
          [
            "x": Outline.text(left - markRoom), "y": Outline.text(top), "width": Outline.text(width - left - right + 2 * markRoom),
            "height": Outline.text(height - top - bottom),
          ])
      }
      content()
    }
  }

  /// `content`, of which nothing is seen beyond the frame of chart `number`.
  package static func clipped(_ number: Int, @HTMLBuilder _ content: () -> HTML) -> HTML {
    tag("g", ["clip-path": "url(#frame\(number))"], content)
  }

  /// The vertical axis: a grid line and a label for each tick.
  package static func vertical(_ axis: Axis) -> HTML {
    HTML(
      axis.ticks(atMost: 6).map { place, label in
        HTML([
          tag("path", ["class": "grid", "d": "M\(Outline.text(left)) \(Outline.text(place))H\(Outline.text(width - right))"]),
          tag("text", ["class": "tick", "x": Outline.text(left - 6), "y": Outline.text(place + 4), "text-anchor": "end"]) { label },
        ])
      })
  }

  /// The horizontal axis with its name below.
  package static func horizontal(_ ticks: [(place: Double, label: String)], name: String) -> HTML {
    let base = height - bottom
    return HTML([
      tag("path", ["class": "axis", "d": "M\(Outline.text(left)) \(Outline.text(base))H\(Outline.text(width - right))"]),
      HTML(
        ticks.map { place, label in
          HTML([
            tag("path", ["class": "axis", "d": "M\(Outline.text(place)) \(Outline.text(base))v4"]),
            tag("text", ["class": "tick", "x": Outline.text(place), "y": Outline.text(base + 16), "text-anchor": "middle"]) {
              label
            },
          ])
        }),
      tag("text", ["class": "name", "x": Outline.text(width - right), "y": Outline.text(height - 4), "text-anchor": "end"]) {
        name
      },
    ])
  }
}
