/// A sheet of equally sized images, as the samples of a run: those of fixed latents above, fresh ones below.
package struct ImageGrid: Sendable {
  /// White pixels between neighbors and around the sheet.
  package static let gutter = 2
  /// White pixels between the two blocks.
  package static let blockGutter = 8

  /// Images in a row.
  package let columns: Int
  /// Side in pixels that each image is enlarged to, by whole factors: the largest that does not exceed it, at least 1.
  package let side: Int

  /// A sheet with `columns` images in a row, each enlarged to `side`.
  package init(columns: Int, side: Int) {
    precondition(columns > 0 && side > 0, "a grid of \(columns) columns with cells of \(side) pixels")
    self.columns = columns
    self.side = side
  }

  /// The sheet of `fixed` above and `fresh` below, each block starting in a row of its own. Either may be empty, but not
  /// both. All images have one size.
  package func compose(fixed: [RGBImage], fresh: [RGBImage] = []) -> RGBImage {
    let blocks = [fixed, fresh].filter { !$0.isEmpty }
    precondition(!blocks.isEmpty, "a grid needs an image")
    let (width, height) = (blocks[0][0].width, blocks[0][0].height)
    precondition(blocks.joined().allSatisfy { $0.width == width && $0.height == height }, "the images differ in size")
    let scale = max(1, side / max(width, height))
    let (stepX, stepY) = (width * scale + Self.gutter, height * scale + Self.gutter)
    let rows = blocks.map { ($0.count + columns - 1) / columns }
    let used = blocks.map { min($0.count, columns) }.max()!
    var sheet = RGBImage(
      width: Self.gutter + used * stepX,
      height: Self.gutter + rows.reduce(0, +) * stepY + (blocks.count - 1) * (Self.blockGutter - Self.gutter), gray: 255)
    var top = Self.gutter
    for (block, count) in zip(blocks, rows) {
      for (i, image) in block.enumerated() {
        sheet.draw(image, x: Self.gutter + i % columns * stepX, y: top + i / columns * stepY, scale: scale)
      }
      top += count * stepY + Self.blockGutter - Self.gutter
    }
    return sheet
  }
}
