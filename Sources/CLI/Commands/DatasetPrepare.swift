import ArgumentParser
import Basics
import Datasets
import Foundation
import Images
import Inspection
import Models
import Runs
import Spec
import Training

/// `fadein dataset prepare`: a clean set from a folder of found images.
struct DatasetPrepare: FadeinCommand {
  static let configuration = CommandConfiguration(
    commandName: "prepare",
    abstract: "Writes the images worth training on as clean PNGs, and a list of what went and why.",
    discussion: """
      The rules are those of the data block of --spec, each of which an option replaces. Without any, only copies and what is no \
      image go, and images keep their size.

        fadein dataset prepare found --out data/icons --exclude 'draft-*' --distance 8 --keep 4 --resolution 256
      """)

  @OptionGroup var images: ImageFolderArguments

  @Option(help: ArgumentHelp("The new folder; it must be empty, if it is there.", valueName: "dir"), completion: .directory)
  var out: String

  @Option(help: "An experiment whose data block gives the rules.", completion: .file(extensions: ["yaml", "yml"]))
  var spec: String?

  @Option(help: ArgumentHelp("A name or glob pattern of files to leave out; may be given several times.", valueName: "pattern"))
  var exclude: [String] = []

  @Option(help: ArgumentHelp("Look-alikes differ in at most so many thousandths of their cells.", valueName: "thousandths"))
  var distance: Double?

  @Option(help: ArgumentHelp("How many of a group of look-alikes stay.", valueName: "n"))
  var keep: Int?

  @Option(help: ArgumentHelp("Images with a shorter side go.", valueName: "pixels"))
  var minimumSide: Int?

  @Option(help: "How an image that is not square becomes square: squash, crop or pad.")
  var fit: DataSpec.Fit?

  @Option(help: ArgumentHelp("The side of the new images, a power of two from 4 to 1024.", valueName: "pixels"))
  var resolution: Resolution?

  func validate() throws {
    if let distance, !(0...1000).contains(distance) {
      throw ValidationError("--distance must be from 0 to 1000, not \(distance)")
    }
    if let keep, !(1...100_000).contains(keep) { throw ValidationError("--keep must be from 1 to 100000, not \(keep)") }
    if let minimumSide, !(1...ImageLimits.side).contains(minimumSide) {
      throw ValidationError("--minimum-side must be from 1 to \(ImageLimits.side), not \(minimumSide)")
    }
  }

  func execute() throws {
    let data = try rulesOfSpec()
    var rules = Selection.Rules(
      minimumSide: minimumSide ?? data?.minimumSide ?? 1, distance: distance ?? data?.nearDuplicates?.distance,
      keep: keep ?? data?.nearDuplicates?.keep ?? NearDuplicatesSpec().keep)
    if keep != nil && rules.distance == nil { rules.distance = Inspection.defaultDistance }
    let system = LocalFileSystem()
    let (folder, files) = try images.files(exclude: (data?.exclude ?? []) + exclude)
    try requireNewFolder(outside: folder, in: system)
    let selection = Selection(files, in: folder, rules: rules, threads: images.threads.count)
    guard !selection.kept.isEmpty else {
      throw Diagnostics(
        "none of the \(files.count) files of '\(images.folder)' stays", note: reasons(selection), exitCode: .badData)
    }
    let (side, fit) = (resolution?.side ?? data?.resolution, fit ?? data?.fit ?? .squash)
    let prepared = PreparedFolder(selection, of: folder) { image in
      side.map { Resample.square(image, side: $0, fit: fit) } ?? image
    }
    try system.createDirectories(out)
    guard let lock = try FolderLock(trying: out) else {
      throw Diagnostics(
        "another command writes into '\(out)'", note: "a prepared set goes into a folder of its own", exitCode: .cannotCreate)
    }
    defer { withExtendedLifetime(lock) {} }
    // Another command may have been faster.
    try requireNewFolder(outside: folder, in: system)
    do {
      try prepared.write(to: out, threads: images.threads.count, in: system.confined(to: out))
    } catch let changed as PreparedFolder.Changed {
      throw Diagnostics(changed.description, note: "'\(out)' is not complete", exitCode: .ioError)
    }
    print("\(selection.kept.count) of \(files.count) files are in \(out.printable); \(PreparedFolder.listName) has the reasons.")
    let turned = selection.kept.count { selection.files[$0].isTurned }
    if turned > 0 { print(Dataset.turnedNotice(turned) + ".") }
    if selection.kept.count < files.count { print(reasons(selection)) }
  }

  private func rulesOfSpec() throws -> DataSpec? {
    guard let spec else { return nil }
    return try SpecArguments.read(spec).data
  }

  /// Throws unless `out` is empty or not there, and not inside of the images' folder.
  private func requireNewFolder(outside folder: String, in system: any FileSystem) throws {
    if try system.status(of: out) != nil, try !system.list(out).isEmpty {
      throw Diagnostics("'\(out)' is not empty", note: "a prepared set goes into a folder of its own", exitCode: .cannotCreate)
    }
    let target = WorkingFolder.resolved(out)
    if target == folder || target.utf8.starts(with: Path.join(folder, "").utf8) {
      throw Diagnostics("'\(out)' is inside of the images' folder", exitCode: .usage)
    }
  }

  /// How many files went for which kind of reason.
  private func reasons(_ selection: Selection) -> String {
    let kinds = selection.reasons.compactMap { $0?.kind }
    let counts = Dictionary(kinds.map { ($0, 1) }, uniquingKeysWith: +)
    return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
  }
}
