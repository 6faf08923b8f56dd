/// The columns that are read of a table, in the order of the table.
struct WantedColumns: Sendable {
  let names: [String]
  /// Their positions in a row, ascending.
  let indices: [Int]
  /// For each column that was asked for its place in `indices`; nil for one that is not there.
  let places: [Int?]

  init(_ columns: [String], in header: TableHeader) {
    let found = columns.map { header.places[$0] }
    let indices = Set(found.compactMap { $0 }).sorted()
    let slots = Dictionary(indices.enumerated().map { ($0.element, $0.offset) }) { earlier, _ in earlier }
    places = found.map { index in index.flatMap { slots[$0] } }
    names = indices.map { header.columns[$0] }
    self.indices = indices
  }

  var isEmpty: Bool { indices.isEmpty }

  /// What was found by `indices`, by the columns that were asked for.
  func spread<Value>(_ found: [Value?]) -> [Value?] { places.map { place in place.flatMap { found[$0] } } }
}
