import Inspection

/// What `dataset inspect --json` prints.
struct InspectionJSON: Encodable {
  struct Rejection: Encodable { let path, reason: String }

  struct Copy: Encodable { let path, of: String }

  struct Group: Encodable {
    let leader: String
    /// The leader among them.
    let members: [String]
  }

  struct Irregular: Encodable {
    let path: String
    let irregularity: JSONValue
    /// What it is mostly irregular in.
    let measure: String
  }

  let folder: String
  /// Files, and different images among them.
  let files, images: Int
  let rejected: [Rejection]
  let copies: [Copy]
  let groups: [Group]
  /// The most irregular first.
  let irregular: [Irregular]

  /// The inspection of `folder`, with the `count` most irregular images.
  init(_ inspection: Inspection, folder: String, irregular count: Int) {
    let path = { (number: Int) in inspection.files[number].path }
    self.folder = folder
    files = inspection.files.count
    images = inspection.ranking.count
    rejected = inspection.rejected.compactMap { number in
      if case .rejected(let reason) = inspection.standings[number] { Rejection(path: path(number), reason: reason) } else { nil }
    }
    copies = inspection.copies.compactMap { number in
      if case .copy(let first) = inspection.standings[number] { Copy(path: path(number), of: path(first)) } else { nil }
    }
    groups = inspection.groups.map { Group(leader: path($0.leader), members: $0.members.map(path)) }
    irregular = inspection.ranking.prefix(count).compactMap { number in
      inspection.irregularities[number].map {
        Irregular(path: path(number), irregularity: JSONValue(($0.value * 1000).rounded() / 1000), measure: $0.measure)
      }
    }
  }
}
