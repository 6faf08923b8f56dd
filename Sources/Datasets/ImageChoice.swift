import Basics
import Images
import Inspection
import Runs
import Spec

/// What `data.minimum_side` and `data.near_duplicates` leave of a folder's images: what `fadein dataset prepare --spec` would. It
/// takes decoding and comparing all of them, so it is kept in the cache, beside the images.
struct ImageChoice {
  private let rules: Selection.Rules

  /// Changed whenever the same files would be chosen otherwise.
  private static let version = 1

  /// The rules of `spec`; nil when all images stay.
  init?(_ spec: DataSpec) {
    guard spec.minimumSide > 1 || spec.nearDuplicates != nil else { return nil }
    rules = Selection.Rules(
      minimumSide: spec.minimumSide, distance: spec.nearDuplicates?.distance,
      keep: spec.nearDuplicates?.keep ?? NearDuplicatesSpec().keep)
  }

  /// Notes which of `files`, which are examined, are left out and why. Returns false if one of them is no longer as it was.
  func apply(to files: inout [ImageFile], _ loader: ImageLoader, in cache: ImageCache?) -> Bool {
    let slots = files.indices.filter { files[$0].skipReason == nil }
    let key = key(of: slots.map { files[$0] })
    let fates: [Fate]
    if let kept = cache?.choice(key).flatMap({ Self.fates($0, key, count: slots.count) }) {
      fates = kept
    } else {
      let surveyed = files.map { SurveyedFile(path: $0.path, rejection: $0.skipReason?.description) }
      let selection = Selection(surveyed, in: loader.folder, rules: rules, threads: loader.threads)
      guard zip(files, selection.files).allSatisfy({ $0.skipReason != nil || $0.sha256 == $1.sha256 }) else { return false }
      let places = Dictionary(uniqueKeysWithValues: slots.enumerated().map { (ByteText(files[$1].path), $0) })
      fates = slots.map { slot in
        Fate(selection.reasons[slot], selection.files[slot].header, thins: rules.distance != nil) { places[ByteText($0)] }
      }
      cache?.keep(choice: Self.bytes(fates, key), key)
    }
    for (slot, fate) in zip(slots, fates) {
      guard let reason = fate.reason(rules, path: { files[slots[$0]].path }) else { continue }
      files[slot].skipReason = reason
      (files[slot].width, files[slot].height) = (fate.width, fate.height)
    }
    return true
  }

  private func key(of candidates: [ImageFile]) -> String {
    let distance = rules.distance.map { "\($0) \(rules.keep)" } ?? "-"
    let head = ["fadein choice \(Self.version)", "\(rules.minimumSide)", distance]
    return Digest.sha256((head + candidates.map { $0.sha256 ?? "" }).joined(separator: "\n"))
  }

  /// What becomes of one candidate.
  private struct Fate: Equatable {
    enum Kind: String { case stays, small, copy, like }

    let kind: Kind
    /// The candidate that it is a copy of or looks like.
    let other: Int
    let width: Int
    let height: Int

    /// The fate for `reason`; copies stay where look-alikes do.
    init(_ reason: Selection.Reason?, _ header: ImageHeader?, thins: Bool, number: (String) -> Int?) {
      (width, height) = (header?.width ?? 0, header?.height ?? 0)
      switch reason {
      case .tooSmall: (kind, other) = (.small, 0)
      case .copy(let path) where thins: (kind, other) = number(path).map { (.copy, $0) } ?? (.stays, 0)
      case .looksLike(let path): (kind, other) = number(path).map { (.like, $0) } ?? (.stays, 0)
      default: (kind, other) = (.stays, 0)
      }
    }

    var line: String { "\(kind.rawValue) \(other) \(width) \(height)" }

    /// The fate of a line, of one among `count` candidates.
    init?(_ line: Substring, count: Int) {
      let words = line.split(separator: " ")
      guard words.count == 4, let kind = Kind(rawValue: String(words[0])), let other = Int(words[1]), (0..<count).contains(other),
        let width = Int(words[2]), let height = Int(words[3])
      else { return nil }
      self.kind = kind
      self.other = other
      self.width = width
      self.height = height
    }

    func reason(_ rules: Selection.Rules, path: (Int) -> String) -> ImageFile.SkipReason? {
      switch kind {
      case .stays: nil
      case .small: .tooSmall("\(width)x\(height), smaller than \(rules.minimumSide)")
      case .copy: .copy(of: path(other))
      case .like: .looksLike(path(other))
      }
    }
  }

  private static func bytes(_ fates: [Fate], _ key: String) -> [UInt8] {
    let text = key + "\n" + fates.map { $0.line + "\n" }.joined()
    return Array((text + Digest.sha256(text) + "\n").utf8)
  }

  /// The fates in `bytes`; nil when they are not those of `key`, or not whole.
  private static func fates(_ bytes: [UInt8], _ key: String, count: Int) -> [Fate]? {
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    guard lines.count == count + 2, lines[0] == key else { return nil }
    let text = lines.dropLast().map { $0 + "\n" }.joined()
    guard lines[count + 1] == Digest.sha256(text) else { return nil }
    let fates = lines.dropFirst().dropLast().compactMap { Fate($0, count: count) }
    return fates.count == count ? fates : nil
  }
}
