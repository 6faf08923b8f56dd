import Basics

/// What a log says of files that are left out: a line for each reason, however many they are.
package enum SkippedFiles {
  /// Names that such a line gives.
  private static let shownNames = 3

  /// The lines about those of `files` that are not used, in the order of their first files.
  package static func lines(_ files: [ImageFile]) -> [String] {
    var (order, groups): ([ImageFile.SkipReason], [String: [String]]) = ([], [:])
    for file in files {
      // Of the many that a limit leaves out a notice says how many.
      guard let reason = file.skipReason else { continue }
      if case .beyondLimit = reason { continue }
      if groups[reason.kind] == nil { order.append(reason) }
      groups[reason.kind, default: []].append(file.path)
    }
    return order.map { reason in
      let names = groups[reason.kind]!
      if names.count == 1 { return "skipped \(names[0].printable): \(reason.description.printable)" }
      let shown = names.prefix(shownNames).map(\.printable).joined(separator: ", ")
      let more =
        names.count > shownNames
        ? " and \(names.count - shownNames) more, which dataset.csv names" : ""
      return "skipped \(names.count) files: \(reason.kind.printable) (\(shown)\(more))"
    }
  }
}
