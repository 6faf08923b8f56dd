/// What a folder of images holds: copies, look-alikes, the irregular and the unusable.
package struct Inspection: Sendable {
  /// How an image relates to the others.
  package enum Standing: Equatable, Sendable {
    /// Not a usable image, for this reason.
    case rejected(String)
    /// Its pixels are those of another image, by number.
    case copy(of: Int)
    /// A usable image; `group` is the number of its look-alikes, if it has any.
    case image(group: Int?)
  }

  /// Every file, ordered by the bytes of its path.
  package let files: [ImageSurvey]
  /// How each stands, in the same order.
  package let standings: [Standing]
  /// The groups of look-alikes, by the numbers of their files; copies are in none.
  package let groups: [LookAlikes.Group]
  /// How irregular each is; nil for those that are no images.
  package let irregularities: [Irregularity?]
  /// The images that are no copies, the most irregular first.
  package let ranking: [Int]
  /// Look-alikes differ in at most so many thousandths of their cells; nil: none were looked for.
  package let distance: Double?

  /// Thousandths of the cells in which look-alikes may differ, tuned on seeds 1 to 3 of `scripts/python dataset_trial.py`.
  package static let defaultDistance = 8.0

  /// Looks at `files` of `folder`, each once, on `threads` threads; the outcome depends on neither their number nor the order of
  /// the files.
  package init(_ files: [SurveyedFile], in folder: String, distance: Double = defaultDistance, threads: Int) {
    let ordered = files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    self.init(
      Parallel.map(ordered.count, threads: threads) { ImageSurvey(ordered[$0], in: folder) }, distance: distance, threads: threads)
  }

  /// What `files`, ordered by their paths, are to each other.
  package init(_ files: [ImageSurvey], distance: Double?, threads: Int) {
    self.files = files
    self.distance = distance
    var firsts: [String: Int] = [:]
    var standings: [Standing] = []
    var originals: [(number: Int, content: ImageSurvey.Content)] = []
    for (number, file) in files.enumerated() {
      guard let content = file.content, file.rejection == nil else {
        standings.append(.rejected(file.rejection ?? "not decoded"))
        continue
      }
      if let first = firsts[content.pixelsSHA256] {
        standings.append(.copy(of: first))
      } else {
        firsts[content.pixelsSHA256] = number
        standings.append(.image(group: nil))
        originals.append((number, content))
      }
    }
    let alike = distance.map { distance in
      LookAlikes(originals.map(\.content.thumbnail), hashes: originals.map(\.content.hash), distance: distance, threads: threads)
    }
    groups = (alike?.groups ?? []).map { group in
      LookAlikes.Group(leader: originals[group.leader].number, members: group.members.map { originals[$0].number })
    }
    for (number, group) in groups.enumerated() {
      for member in group.members { standings[member] = .image(group: number) }
    }
    self.standings = standings
    // Copies take part in nothing: the set is what remains of them.
    var irregularities = [Irregularity?](repeating: nil, count: files.count)
    for (original, value) in zip(originals, Irregularity.of(originals.map(\.content.measures))) {
      irregularities[original.number] = value
    }
    for (number, standing) in standings.enumerated() {
      if case .copy(let first) = standing { irregularities[number] = irregularities[first] }
    }
    let values = irregularities
    self.irregularities = irregularities
    ranking = originals.map(\.number).sorted { (values[$1]!.value, $0) < (values[$0]!.value, $1) }
  }

  /// The numbers of the files that stand as `isMeant` says, in order.
  package func numbers(where isMeant: (Standing) -> Bool) -> [Int] { standings.indices.filter { isMeant(standings[$0]) } }

  /// The numbers of the copies.
  package var copies: [Int] { numbers { if case .copy = $0 { true } else { false } } }

  /// The numbers of the files that are no usable images.
  package var rejected: [Int] { numbers { if case .rejected = $0 { true } else { false } } }
}
