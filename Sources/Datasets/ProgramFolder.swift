import Basics
import Foundation
import Images
import Inspection
import Runs

/// What this program has written into a folder that is searched for images: pictures about images are no images to train on.
///
/// Recognized by manifests, not by names: a folder of the user's may have any name, and a run's may have been moved.
struct ProgramFolder {
  /// Whether the whole folder is a run, a sweep or a cache.
  let isWhole: Bool
  /// Folders of a run in which there are pictures.
  static let pictureFolders: Set = ["samples", "generated", "checkpoints"]
  /// The names without number of the sheets that were written there.
  private let sheets: [String]

  /// Bytes of the largest manifest.
  private static let largestManifest = 64 << 10
  /// The beginning of a file that marks a folder as a cache (Cache Directory Tagging Specification).
  package static let cacheTag = "Signature: 8a477f597d28d172789f06886806bc55"

  /// Looks at the folder at `path`, in which there are files of these `names`.
  init(_ path: String, names: [String]) {
    let names = Set(names.map(ByteText.init))
    func bytes(_ name: String) -> [UInt8]? {
      guard names.contains(ByteText(name)) else { return nil }
      let file = Path.join(path, name)
      var status = stat()
      guard lstat(file.systemBytes, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
      return FileBytes.beginning(of: file, count: Self.largestManifest)
    }
    func begins(_ name: String, with text: String) -> Bool { bytes(name)?.starts(with: text.utf8) ?? false }
    isWhole =
      ["run.json", "sweep.json"].contains { bytes($0).map(Self.isManifest) ?? false }
      || begins("CACHEDIR.TAG", with: Self.cacheTag)
    sheets =
      (begins("dataset.csv", with: CSV.header(InspectionCSV.columns)) ? InspectionSheets.names : [])
      + (begins("statistics.csv", with: CSV.header(StatisticsCSV.columns)) ? PixelStatistics.Kind.allCases.map(\.rawValue) : [])
  }

  /// Whether the file called `name` is a sheet that this program wrote there: `rejected-01.png`, `mean.png`, `mean-of-7.png`.
  func isSheet(_ name: String) -> Bool {
    guard let sheet = sheets.first(where: { name.hasPrefix($0) }), name.hasSuffix(".png") else { return false }
    let rest = name.dropFirst(sheet.count).dropLast(4)
    return rest.isEmpty || rest.hasPrefix("-") && rest.drop { "-of".contains($0) }.allSatisfy(\.isNumber)
  }

  /// Whether `bytes` are a manifest that this program wrote.
  private static func isManifest(_ bytes: [UInt8]) -> Bool {
    String(decoding: bytes, as: UTF8.self).contains("\"fadein_version\"")
  }
}
