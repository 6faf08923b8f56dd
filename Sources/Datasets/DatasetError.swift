import Basics
import Images
import Runs

/// Why a folder does not give a dataset. ``message`` and ``notes`` are what users read.
package enum DatasetError: Error, Equatable, Sendable {
  case noFolder(path: String, reason: String)
  /// `skipped` counts the files that were left out, by reason, the commonest first; `others` are files that are not candidates.
  case tooFewImages(path: String, usable: Int, needed: Int, by: String = "a batch needs", skipped: [Skipped], others: [String])
  /// The folder changed each time that it was read.
  case keepsChanging(path: String)
  /// The images need `bytes` at the resolution asked for; this machine has `limit` to give.
  case tooLarge(images: Int, resolution: Int, bytes: Int, limit: Int)

  /// A reason and how many files it concerns.
  package struct Skipped: Equatable, Sendable {
    package let reason: String
    package let count: Int
    /// The path of the first of them.
    package let example: String
  }

  /// One sentence without a full stop.
  package var message: String {
    switch self {
    case .noFolder(let path, let reason): "the image folder '\(path)' cannot be read: \(reason)"
    case .tooFewImages(let path, let usable, let needed, let reason, _, _):
      "'\(path)' has \(usable) usable \(ImageFormatCatalog.formats.map { $0.name }.joined(separator: " or ")) \(usable == 1 ? "image" : "images"), \(reason) \(needed)"
    case .keepsChanging(let path): "files in '\(path)' change while they are read; try again when nobody writes there"
    case .tooLarge(let images, let resolution, let bytes, let limit):
      "\(images) images at \(resolution)x\(resolution) need \(bytes >> 20) MiB of memory, more than the \(limit >> 20) MiB allowed"
    }
  }

  /// One line for each reason to skip a file, and for what is there besides.
  package var notes: [String] {
    guard case .tooFewImages(_, _, _, _, let skipped, let others) = self else { return [] }
    return others + skipped.map { "\($0.count) skipped: \($0.reason) (\($0.count == 1 ? "" : "first: ")\($0.example))" }
  }

  /// The skipped files among `files`, counted by reason.
  static func count(_ files: [ImageFile]) -> [Skipped] {
    var groups: [String: (count: Int, example: String)] = [:]
    for file in files {
      if let reason = file.skipReason { groups[reason.kind, default: (0, file.path)].count += 1 }
    }
    return groups.map { Skipped(reason: $0.key, count: $0.value.count, example: $0.value.example) }
      .sorted { ($1.count, $0.example) < ($0.count, $1.example) }
  }
}

extension DatasetError: UserFacingError {
  package var exitCode: ExitCode { if case .noFolder = self { .inputNotFound } else { .badData } }
  package var description: String { message }
  package var diagnostics: Diagnostics {
    Diagnostics(message, note: notes.isEmpty ? nil : notes.joined(separator: "; "), exitCode: exitCode)
  }
}
