import Images

/// Rows of small pictures with a name and a remark under each, on pages.
package struct ContactSheet: Sendable {
  /// A picture and what is written under it; without a picture a crossed box.
  package struct Cell: Sendable {
    package let picture: RGBImage?
    package let label: String
    package let remark: String

    /// A cell with this label, as it is in the file system, and a remark.
    package init(_ picture: RGBImage?, label: String, remark: String = "") {
      self.picture = picture
      self.label = label
      self.remark = remark
    }
  }

  /// Side in pixels of the space for a picture.
  package static let side = 128
  /// White pixels between cells.
  private static let gutter = 6
  /// Pixels of a cell's height below its picture: two lines of text.
  private static let caption = 24
  /// Rows of cells on a page: less than 4000 pixels.
  package static let rowsOnPage = 24

  /// Cells in a row.
  package let columns: Int

  /// Pages with `columns` cells in a row.
  package init(columns: Int = 10) {
    precondition(columns > 0, "\(columns) columns")
    self.columns = columns
  }

  /// How `rows`, lists of as many cells as `counts`, are laid out: for each page the ranges of cells of its rows. A list that is
  /// longer than a row continues in the next; a thin line separates lists.
  func pages(_ counts: [Int]) -> [[(list: Int, cells: Range<Int>)]] {
    let rows = counts.enumerated().flatMap { list, count in
      stride(from: 0, to: count, by: columns).map { (list: list, cells: $0..<min($0 + columns, count)) }
    }
    return stride(from: 0, to: rows.count, by: Self.rowsOnPage).map { Array(rows[$0..<min($0 + Self.rowsOnPage, rows.count)]) }
  }

  /// How many pages the lists of `counts` cells take.
  package func pageCount(_ counts: [Int]) -> Int { pages(counts).count }

  /// Page `number` of the lists of `counts` cells; `cell` is asked only for those that are on it.
  package func page(_ number: Int, of counts: [Int], _ cell: (_ list: Int, _ index: Int) -> Cell) -> RGBImage {
    let rows = pages(counts)[number]
    let (stepX, stepY) = (Self.side + Self.gutter, Self.side + Self.caption + Self.gutter)
    let used = rows.map(\.cells.count).max() ?? 1
    var sheet = RGBImage(width: Self.gutter + used * stepX, height: Self.gutter + rows.count * stepY, gray: 255)
    for (y, row) in rows.enumerated() {
      let top = Self.gutter + y * stepY
      if y > 0 && row.list != rows[y - 1].list { Self.fill(&sheet, x: 0, y: top - 4, width: sheet.width, height: 1, gray: 190) }
      for (x, index) in row.cells.enumerated() {
        draw(cell(row.list, index), into: &sheet, x: Self.gutter + x * stepX, y: top)
      }
    }
    return sheet
  }

  private func draw(_ cell: Cell, into sheet: inout RGBImage, x: Int, y: Int) {
    if let picture = cell.picture {
      precondition(picture.width <= Self.side && picture.height <= Self.side, "a picture of \(picture.width) x \(picture.height)")
      sheet.draw(picture, x: x + (Self.side - picture.width) / 2, y: y + (Self.side - picture.height) / 2)
    } else {
      Self.fill(&sheet, x: x, y: y, width: Self.side, height: Self.side, gray: 225)
      for i in 0..<Self.side {
        Self.fill(&sheet, x: x + i, y: y + i, width: 1, height: 1, gray: 150)
        Self.fill(&sheet, x: x + i, y: y + Self.side - 1 - i, width: 1, height: 1, gray: 150)
      }
    }
    let letters = Self.side / BitmapFont.advance
    for (line, text) in [cell.label, cell.remark].enumerated() {
      let gray: UInt8 = line == 0 ? 0 : 110
      BitmapFont.draw(BitmapFont.fitted(text, columns: letters), into: &sheet, x: x, y: y + Self.side + 4 + line * 10, gray: gray)
    }
  }

  private static func fill(_ sheet: inout RGBImage, x: Int, y: Int, width: Int, height: Int, gray: UInt8) {
    for row in y..<y + height {
      let start = (row * sheet.width + x) * 3
      for i in start..<start + width * 3 { sheet.pixels[i] = gray }
    }
  }
}
