/// How much of one image is not in another: the share of cells that cannot be explained by a slightly moved, slightly recolored
/// copy.
///
/// A cell of one image is explained when each of its channels lies, within ``tolerance``, between the darkest and the lightest of
/// the 3 x 3 cells around the same place in the other image. So moving by up to a cell, 4 pixels of 256, costs nothing, nor does a
/// slight change of color or another compression; a stroke costs the cells that it covers. The distance counts the cells that are
/// unexplained in either direction; those at the border, where a moved image shows something new, are left out.
struct Likeness: Sendable {
  /// Levels of 255 that a cell may leave the range by. Tuned before the figures of docs/data.md together with the size of the
  /// neighborhood: 12 takes a slight color for a change, 40 does not see dark strokes on dark skin.
  static let tolerance = 24
  /// Cells that are compared.
  static let comparedCells = (Thumbnail.side - 2) * (Thumbnail.side - 2)

  private let thumbnail: Thumbnail
  /// `[3, side, side]`: what a cell of the other image may be; everything at the border.
  private let lowest: [UInt8]
  private let highest: [UInt8]

  /// Ready to compare others with this image.
  init(to thumbnail: Thumbnail) {
    self.thumbnail = thumbnail
    lowest = Self.extreme(thumbnail.cells, border: 0, { min($0, $1) }, { $0 >= Self.tolerance ? $0 - UInt8(Self.tolerance) : 0 })
    highest = Self.extreme(
      thumbnail.cells, border: 255, { max($0, $1) }, { $0 <= 255 - Self.tolerance ? $0 + UInt8(Self.tolerance) : 255 })
  }

  /// The number of unexplained cells between the two images, or nil if it exceeds `limit`.
  func changedCells(from other: Thumbnail, limit: Int) -> Int? {
    guard unexplained(other.cells, lowest, highest, limit: limit, marks: nil) <= limit else { return nil }
    let reverse = Likeness(to: other)
    let count = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Thumbnail.plane) { marks in
      marks.initialize(repeating: 0)
      _ = unexplained(other.cells, lowest, highest, limit: .max, marks: marks.baseAddress)
      _ = unexplained(thumbnail.cells, reverse.lowest, reverse.highest, limit: .max, marks: marks.baseAddress)
      return marks.reduce(0) { $0 + Int($1) }
    }
    return count <= limit ? count : nil
  }

  /// The number of cells outside their range; stops soon after it exceeds `limit`. Those found are marked by 1.
  private func unexplained(
    _ cells: [UInt8], _ lowest: [UInt8], _ highest: [UInt8], limit: Int, marks: UnsafeMutablePointer<UInt8>?
  ) -> Int {
    let (side, plane) = (Thumbnail.side, Thumbnail.plane)
    return cells.withUnsafeBufferPointer { cells in
      lowest.withUnsafeBufferPointer { lowest in
        highest.withUnsafeBufferPointer { highest in
          var count = 0
          for step in 0..<side {
            // Rows far from each other first: two different images are told apart within a few of them.
            let row = (step * 23 & (side - 1)) * side
            var found: UInt8 = 0
            for i in row..<row + side {
              let red = cells[i] < lowest[i] || cells[i] > highest[i]
              let green = cells[plane + i] < lowest[plane + i] || cells[plane + i] > highest[plane + i]
              let blue = cells[2 * plane + i] < lowest[2 * plane + i] || cells[2 * plane + i] > highest[2 * plane + i]
              let isOutside: UInt8 = (red ? 1 : 0) | (green ? 1 : 0) | (blue ? 1 : 0)
              found &+= isOutside
              marks?[i] |= isOutside
            }
            count += Int(found)
            if count > limit { return count }
          }
          return count
        }
      }
    }
  }

  /// The extreme of the 3 x 3 cells around each, widened; `border` where there are not so many.
  private static func extreme(
    _ cells: [UInt8], border: UInt8, _ choose: (UInt8, UInt8) -> UInt8, _ widen: (UInt8) -> UInt8
  ) -> [UInt8] {
    let (side, plane) = (Thumbnail.side, Thumbnail.plane)
    var rows = cells
    var result = [UInt8](repeating: border, count: cells.count)
    for start in stride(from: 0, to: 3 * plane, by: plane) {
      for y in 0..<side {
        for x in 1..<side - 1 {
          let i = start + y * side + x
          rows[i] = choose(choose(cells[i - 1], cells[i]), cells[i + 1])
        }
      }
      for y in 1..<side - 1 {
        for x in 1..<side - 1 {
          let i = start + y * side + x
          result[i] = widen(choose(choose(rows[i - side], rows[i]), rows[i + side]))
        }
      }
    }
    return result
  }
}
