import Images

/// An image averaged down to a square of cells: what likeness, irregularity and contact sheets work with.
///
/// Every pixel counts with the area that it shares with a cell, in integers: an image and its copy enlarged by a whole factor
/// give the same cells on every machine.
package struct Thumbnail: Equatable, Sendable {
  /// Cells in a row and in a column.
  package static let side = 64
  /// Cells of one channel.
  static let plane = side * side

  /// `[3, side, side]`: the mean red, green and blue of each cell.
  package let cells: [UInt8]
  /// `[side, side]`: the mean brightness of each cell.
  let luma: [UInt8]
  /// The mean over the cells of the standard deviation of brightness within a cell, 0 to 127.5: fine texture.
  let grain: Double

  /// The cells of `image`, whatever its proportions: columns and rows are squeezed or stretched each by itself.
  package init(_ image: RGBImage) {
    let (columns, rows) = (AreaFilter(from: image.width), AreaFilter(from: image.height))
    let width = Self.side * Self.quantities
    var lines = [UInt32](repeating: 0, count: image.height * width)
    image.pixels.withUnsafeBufferPointer { source in
      lines.withUnsafeMutableBufferPointer { lines in
        for y in 0..<image.height {
          Self.squeeze(source.baseAddress! + y * image.width * 3, columns, into: lines.baseAddress! + y * width)
        }
      }
    }
    var cells = [UInt8](repeating: 0, count: 3 * Self.plane)
    var luma = [UInt8](repeating: 0, count: Self.plane)
    var grain = 0.0
    let area = UInt64(image.width * image.height)
    var sums = [UInt64](repeating: 0, count: width)
    for y in 0..<Self.side {
      for i in 0..<width { sums[i] = 0 }
      lines.withUnsafeBufferPointer { lines in
        sums.withUnsafeMutableBufferPointer { sums in
          for tap in rows.taps(y) {
            let line = lines.baseAddress! + tap.pixel * width
            for i in 0..<width { sums[i] &+= UInt64(line[i]) &* UInt64(tap.weight) }
          }
        }
      }
      for x in 0..<Self.side {
        let sum = sums[x * Self.quantities..<(x + 1) * Self.quantities].map { $0 }
        for channel in 0..<3 { cells[channel * Self.plane + y * Self.side + x] = UInt8((sum[channel] + area / 2) / area) }
        luma[y * Self.side + x] = UInt8((sum[3] + area / 2) / area)
        let mean = Double(sum[3]) / Double(area)
        grain += max(0, Double(sum[4]) / Double(area) - mean * mean).squareRoot()
      }
    }
    self.cells = cells
    self.luma = luma
    self.grain = grain / Double(Self.plane)
  }

  /// The cells as an image.
  package var image: RGBImage {
    let pixels = (0..<3 * Self.plane).map { cells[$0 % 3 * Self.plane + $0 / 3] }
    return RGBImage(width: Self.side, height: Self.side, pixels: pixels)
  }

  /// Red, green, blue, brightness and its square are summed.
  private static let quantities = 5

  /// The weighted sums of one row of pixels, `[side, quantities]`.
  private static func squeeze(_ row: UnsafePointer<UInt8>, _ columns: AreaFilter, into sums: UnsafeMutablePointer<UInt32>) {
    for x in 0..<side {
      var (red, green, blue, luma, square): (UInt32, UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0, 0)
      for tap in columns.taps(x) {
        let pixel = row + tap.pixel * 3
        let (r, g, b) = (UInt32(pixel[0]), UInt32(pixel[1]), UInt32(pixel[2]))
        let l = brightness(r, g, b)
        red &+= r &* tap.weight
        green &+= g &* tap.weight
        blue &+= b &* tap.weight
        luma &+= l &* tap.weight
        square &+= l &* l &* tap.weight
      }
      let sum = sums + x * quantities
      (sum[0], sum[1], sum[2], sum[3], sum[4]) = (red, green, blue, luma, square)
    }
  }

  /// The brightness of a color, 0 to 255 (ITU-R BT.601).
  private static func brightness(_ red: UInt32, _ green: UInt32, _ blue: UInt32) -> UInt32 {
    (299 &* red &+ 587 &* green &+ 114 &* blue &+ 500) / 1000
  }
}

/// Which pixels of a line lie in which cell, and with what share of their length.
private struct AreaFilter {
  struct Tap {
    let pixel: Int
    /// In units of 1 / ``Thumbnail/side`` pixel; the weights of a cell add up to the number of pixels of the line.
    let weight: UInt32
  }

  private let all: [Tap]
  private let starts: [Int]

  init(from count: Int) {
    var (all, starts): ([Tap], [Int]) = ([], [0])
    let side = Thumbnail.side
    for cell in 0..<side {
      let (begin, end) = (cell * count, (cell + 1) * count)
      for pixel in begin / side...(end - 1) / side {
        let weight = min(end, (pixel + 1) * side) - max(begin, pixel * side)
        if weight > 0 { all.append(Tap(pixel: pixel, weight: UInt32(weight))) }
      }
      starts.append(all.count)
    }
    self.all = all
    self.starts = starts
  }

  func taps(_ cell: Int) -> ArraySlice<Tap> { all[starts[cell]..<starts[cell + 1]] }
}
