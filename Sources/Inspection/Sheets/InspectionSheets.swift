import Basics
import Images

/// The contact sheets of an inspection: look-alikes in rows, the most irregular, the rejected.
package struct InspectionSheets: Sendable {
  /// Pages of one kind; more groups than fit are in `dataset.csv` only.
  package static let mostPages = 20

  /// The names of the sheets, which a number follows.
  package static let names = ["look-alikes", "irregular", "rejected"]

  private let inspection: Inspection
  private let folder: String
  private let irregular: Int

  /// The sheets of `inspection` of the images in `folder`, with the `irregular` most irregular.
  package init(_ inspection: Inspection, folder: String, irregular: Int) {
    self.inspection = inspection
    self.folder = folder
    self.irregular = irregular
  }

  /// Calls `write` with each page and its file's name: `look-alikes-01.png`, `irregular-01.png`, `rejected-01.png` ...
  /// Returns how many pages were left out.
  package func write<Failure: Error>(_ write: (_ name: String, RGBImage) throws(Failure) -> Void) throws(Failure) -> Int {
    var omitted = 0
    for (name, lists) in kinds {
      let sheet = ContactSheet()
      let counts = lists.map(\.count)
      let pages = sheet.pageCount(counts)
      omitted += max(0, pages - Self.mostPages)
      for number in 0..<min(pages, Self.mostPages) {
        try write(Self.name(name, number), sheet.page(number, of: counts) { list, index in cell(lists[list][index]) })
      }
    }
    return omitted
  }

  /// The names of the pages that are written.
  package var names: [String] {
    kinds.flatMap { name, lists in
      (0..<min(ContactSheet().pageCount(lists.map(\.count)), Self.mostPages)).map { Self.name(name, $0) }
    }
  }

  private var kinds: [(name: String, lists: [[Entry]])] {
    [("look-alikes", groups), ("irregular", [mostIrregular]), ("rejected", [rejected + copies])]
  }

  private static func name(_ kind: String, _ number: Int) -> String {
    number < 9 ? "\(kind)-0\(number + 1).png" : "\(kind)-\(number + 1).png"
  }

  /// A file and the words under its name.
  private struct Entry {
    let number: Int
    let remark: String
  }

  /// The leader of each group first.
  private var groups: [[Entry]] {
    inspection.groups.map { group in
      [Entry(number: group.leader, remark: "leads \(group.members.count)")]
        + group.members.filter { $0 != group.leader }.map { member in
          let tenths = Int(((inspection.distance(member, group.leader) ?? 0) * 10).rounded())
          return Entry(number: member, remark: "distance \(tenths / 10).\(tenths % 10)")
        }
    }
  }

  private var mostIrregular: [Entry] {
    inspection.ranking.prefix(irregular).enumerated().map { rank, number in
      Entry(number: number, remark: "\(rank + 1) \(inspection.irregularities[number]?.measure ?? "")")
    }
  }

  private var rejected: [Entry] {
    inspection.rejected.map { number in
      guard case .rejected(let reason) = inspection.standings[number] else { return Entry(number: number, remark: "") }
      return Entry(number: number, remark: reason)
    }
  }

  private var copies: [Entry] {
    inspection.copies.map { number in
      guard case .copy(let first) = inspection.standings[number] else { return Entry(number: number, remark: "") }
      return Entry(number: number, remark: "= " + inspection.files[first].path)
    }
  }

  private func cell(_ entry: Entry) -> ContactSheet.Cell {
    let file = inspection.files[entry.number]
    return ContactSheet.Cell(picture(file), label: file.path.printable, remark: entry.remark.printable)
  }

  /// The file's image, read again; if it is another one by now, the cells that were inspected.
  private func picture(_ file: ImageSurvey) -> RGBImage? {
    guard let content = file.content else { return nil }
    guard let image = try? ImageFormatCatalog.read(file.path, below: folder),
      ImageSurvey.Content.digest(image) == content.pixelsSHA256
    else {
      return content.thumbnail.image
    }
    let longest = max(image.width, image.height)
    guard longest > ContactSheet.side else { return image }
    func scaled(_ size: Int) -> Int { max(1, size * ContactSheet.side / longest) }
    return Resample.resize(image, width: scaled(image.width), height: scaled(image.height))
  }
}
