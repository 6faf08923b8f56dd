/// Equal texts of many runs, kept once: the processor, the commit, the images.
final class SharedTexts {
  private static let most = 256

  private var known: Set<String> = []

  /// A text that equals `text`, the same one as before where that is known.
  func shared(_ text: String) -> String {
    if known.count == Self.most { known = [] }
    return known.insert(text).memberAfterInsert
  }
}
