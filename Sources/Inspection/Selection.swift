import Basics

/// Which images of a folder stay, and why the others went.
package struct Selection: Sendable {
  /// What is asked of a set.
  package struct Rules: Equatable, Sendable {
    /// Images with a shorter side, in pixels, go.
    package var minimumSide: Int
    /// Look-alikes differ in at most so many thousandths of their cells; nil: they all stay.
    package var distance: Double?
    /// How many of a group of look-alikes stay.
    package var keep: Int

    /// Rules that let everything stay but copies.
    package init(minimumSide: Int = 1, distance: Double? = nil, keep: Int = 4) {
      self.minimumSide = minimumSide
      self.distance = distance
      self.keep = keep
    }
  }

  /// Why a file goes. The description is the reason as users read it.
  package enum Reason: Equatable, Sendable, CustomStringConvertible {
    case unusable(String)
    case tooSmall(String)
    case copy(of: String)
    case looksLike(String)

    package var description: String {
      switch self {
      case .unusable(let reason), .tooSmall(let reason): reason
      case .copy(let path): "a copy of '\(path)'"
      case .looksLike(let path): "looks like '\(path)'"
      }
    }

    /// What files of such a reason are called when they are counted.
    package var kind: String {
      switch self {
      case .unusable: "excluded or not usable"
      case .tooSmall: "too small"
      case .copy: "copies"
      case .looksLike: "look-alikes"
      }
    }
  }

  /// Every file, ordered by the bytes of its path.
  package let files: [ImageSurvey]
  /// Why each goes, in the same order; nil: it stays.
  package let reasons: [Reason?]

  /// The numbers of the files that stay.
  package var kept: [Int] { reasons.indices.filter { reasons[$0] == nil } }

  /// Applies `rules` to `files` of `folder`, each of which is read once. Of equal images the first by path stays. Of a group of
  /// look-alikes the leader stays, then, one at a time, the image farthest from all that stay (Gonzalez 1985), so that what
  /// remains varies most. Depends on neither `threads` nor the order of the files.
  package init(_ files: [SurveyedFile], in folder: String, rules: Rules, threads: Int) {
    let ordered = files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    self.init(
      Parallel.map(ordered.count, threads: threads) { ImageSurvey(ordered[$0], in: folder) }, rules: rules, threads: threads)
  }

  /// Applies `rules` to `files`, ordered by their paths.
  init(_ files: [ImageSurvey], rules: Rules, threads: Int) {
    precondition(rules.keep > 0, "of a group of look-alikes \(rules.keep) stay")
    let isSmall = files.map { file in
      file.rejection == nil && file.header.map { min($0.width, $0.height) < rules.minimumSide } ?? false
    }
    let large = zip(files, isSmall).map { file, isSmall in
      var file = file
      if isSmall, let header = file.header {
        file.rejection = "\(header.width)x\(header.height), smaller than \(rules.minimumSide)"
      }
      return file
    }
    let inspection = Inspection(large, distance: rules.distance, threads: threads)
    var reasons: [Reason?] = inspection.standings.enumerated().map { number, standing in
      switch standing {
      case .rejected(let reason): isSmall[number] ? .tooSmall(reason) : .unusable(reason)
      case .copy(let first): .copy(of: files[first].path)
      case .image: nil
      }
    }
    for group in inspection.groups {
      let kept = Self.kept(of: group, in: inspection, count: rules.keep)
      for member in group.members where !kept.contains(member) { reasons[member] = .looksLike(files[group.leader].path) }
    }
    self.files = large
    self.reasons = reasons
  }

  /// The leader and those farthest from what is kept already, `count` in all.
  private static func kept(of group: LookAlikes.Group, in inspection: Inspection, count: Int) -> Set<Int> {
    guard group.members.count > count else { return Set(group.members) }
    var kept: Set = [group.leader]
    var gaps = [Double](repeating: .infinity, count: group.members.count)
    var latest = group.leader
    while kept.count < count {
      var farthest: (member: Int, gap: Double)?
      for (index, member) in group.members.enumerated() where !kept.contains(member) {
        gaps[index] = min(gaps[index], inspection.distance(member, latest) ?? 0)
        if gaps[index] > farthest?.gap ?? -1 { farthest = (member, gaps[index]) }
      }
      guard let farthest else { break }
      kept.insert(farthest.member)
      latest = farthest.member
    }
    return kept
  }
}
