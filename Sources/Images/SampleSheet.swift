/// The images of a sample sheet, taken apart again: those of the fixed latents, which are the same latents in every sheet.
package struct SampleSheet {
  private let sheet: RGBImage
  /// Side in pixels of an image as it was drawn, and as it is in the sheet.
  private let resolution: Int
  private let side: Int
  private let columns: Int
  /// Images of fixed latents.
  package let count: Int

  /// Larger counts and sides are not those of a sheet that can be read.
  private static let most = 1 << 20

  /// The sheet with `count` images of `resolution` in its upper block, each enlarged by a whole factor up to `largest`: as a run
  /// writes it. Nil when `sheet` cannot be one.
  package init?(_ sheet: RGBImage, resolution: Int, largest: Int, count: Int) {
    guard resolution > 0, Self.shortened(resolution) <= Self.longest, resolution <= sheet.width, (1...Self.most).contains(count),
      largest <= Self.most
    else { return nil }
    let side = resolution * max(1, largest / resolution)
    let step = side + ImageGrid.gutter
    let columns = (sheet.width - ImageGrid.gutter) / step
    guard columns > 0, sheet.width == ImageGrid.gutter + columns * step else { return nil }
    let rows = (count + columns - 1) / columns
    guard sheet.height >= ImageGrid.gutter + rows * step else { return nil }
    self.sheet = sheet
    self.resolution = resolution
    self.side = side
    self.columns = columns
    self.count = count
  }

  /// A side that cannot be halved down to this is none of a sheet's.
  private static let longest = 64

  /// Half of `side` as often as it takes to be no longer than `longest`, and as it goes without rest.
  private static func shortened(_ side: Int, to longest: Int = longest) -> Int {
    var side = side
    while side > longest, side % 2 == 0 { side /= 2 }
    return side
  }

  /// The first images of fixed latents, `across` in a row and `down` rows at most, without room between them. Each has the side that it
  /// was drawn with, or half of it as often as it takes to be no longer than `longest`.
  package func strip(across: Int, down: Int, longest: Int) -> RGBImage {
    let across = min(across, count)
    let shown = min(count / across, down) * across
    let small = Self.shortened(resolution, to: longest)
    var strip = RGBImage(width: across * small, height: shown / across * small, gray: 255)
    for number in 0..<shown {
      let step = side + ImageGrid.gutter
      let (x, y) = (ImageGrid.gutter + number % columns * step, ImageGrid.gutter + number / columns * step)
      let image = sheet.cropped(x: x, y: y, width: side, height: side).averaged(by: side / small)
      strip.draw(image, x: number % across * small, y: number / across * small)
    }
    return strip
  }
}

extension RGBImage {
  /// The image with each square of `factor` x `factor` pixels as one: their mean, rounded.
  fileprivate func averaged(by factor: Int) -> RGBImage {
    guard factor > 1 else { return self }
    let (columns, rows) = (width / factor, height / factor)
    var small: [UInt8] = []
    small.reserveCapacity(columns * rows * 3)
    for y in 0..<rows {
      for x in 0..<columns * 3 {
        let first = y * factor * width * 3 + x / 3 * factor * 3 + x % 3
        var sum = 0
        for row in 0..<factor {
          for column in 0..<factor { sum += Int(pixels[first + row * width * 3 + column * 3]) }
        }
        small.append(UInt8((2 * sum + factor * factor) / (2 * factor * factor)))
      }
    }
    return RGBImage(width: columns, height: rows, pixels: small)
  }
}
