import Basics

/// `dataset.csv` of an inspection: a row for each file, in the order of its path.
package enum InspectionCSV {
  /// The columns: the file, what it says of itself, how it relates to the others, how irregular it is, the measures.
  package static let columns =
    [
      "path", "bytes", "sha256", "pixels_sha256", "width", "height", "color", "depth", "alpha", "standing", "reason", "copy_of",
      "group", "leader", "distance", "hash", "irregularity", "rank", "measure", "score",
    ] + ImageMeasures.kinds.map(\.name)

  /// The file's content. `standing` is `image`, `copy` or `rejected`; groups and ranks count from 1; `distance` is that to the
  /// leader, in thousandths of the cells.
  package static func text(_ inspection: Inspection) -> String {
    let ranks = Dictionary(uniqueKeysWithValues: inspection.ranking.enumerated().map { ($1, $0 + 1) })
    let rows = inspection.files.indices.map { number in CSV.line(cells(number, of: inspection, rank: ranks[number])) }
    return CSV.header(columns) + rows.joined()
  }

  private static func cells(_ number: Int, of inspection: Inspection, rank: Int?) -> [CSVCell] {
    let file = inspection.files[number]
    var row: [CSVCell] = [
      .text(file.path), integer(file.bytes), text(file.sha256), text(file.content?.pixelsSHA256), integer(file.header?.width),
      integer(file.header?.height), text(file.header?.color.description), integer(file.header?.depth),
      text(file.header.map { $0.hasAlpha ? "yes" : "no" }),
    ]
    switch inspection.standings[number] {
    case .rejected(let reason): row += [.text("rejected"), .text(reason), .empty, .empty, .empty, .empty]
    case .copy(let first):
      row += [.text("copy"), .empty, .text(inspection.files[first].path), .empty, .empty, .empty]
    case .image(nil): row += [.text("image"), .empty, .empty, .empty, .empty, .empty]
    case .image(let group?):
      let leader = inspection.groups[group].leader
      row += [.text("image"), .empty, .empty, .integer(group + 1), .text(inspection.files[leader].path)]
      row.append(inspection.distance(number, leader).map { .double(rounded($0)) } ?? .empty)
    }
    row += [text(file.content?.hash.description)]
    if let irregularity = inspection.irregularities[number] {
      row += [
        .double(rounded(irregularity.value)), integer(rank), .text(irregularity.measure), .double(rounded(irregularity.score)),
      ]
    } else {
      row += [.empty, .empty, .empty, .empty]
    }
    guard let measures = file.content?.measures else { return row + ImageMeasures.kinds.map { _ in .empty } }
    return row + ImageMeasures.kinds.map { .double(rounded($0.value(measures))) }
  }

  /// To thousandths: the last digits of a double say nothing about an image. Never minus zero.
  private static func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 + 0 }

  private static func integer(_ value: Int?) -> CSVCell { value.map { .integer($0) } ?? .empty }

  private static func text(_ value: String?) -> CSVCell { value.map { .text($0) } ?? .empty }
}

extension Inspection {
  /// The distance of two images in thousandths of their cells; nil if one of them could not be decoded.
  package func distance(_ left: Int, _ right: Int) -> Double? {
    guard let left = files[left].content?.thumbnail, let right = files[right].content?.thumbnail else { return nil }
    return LookAlikes.distance(left, right)
  }
}
