import Basics
import Foundation

/// `run.json`: where a run comes from and where it ran. Its status is not here; that is derived.
package struct Manifest: Codable, Equatable, Sendable {
  /// The version of this file's format that is written.
  package static let currentFormat = 1
  /// Bytes of the largest file that is read.
  package static let largest = 64 << 10
  /// Bytes of the longest label: escaped in any way it leaves the file readable.
  package static let longestLabel = 1 << 12

  package var formatVersion = Manifest.currentFormat
  /// `<name>/<version>`, and for a trial `<name>/<version>/<trial>`.
  package var id: String
  package var name: String
  package var version: Int
  /// Where the run's folder was when it began, absolute; nil in runs of before it was noted.
  package var path: String?
  package var label: String?
  package var seed: UInt64
  /// Iterations of the whole schedule.
  package var iterations: Int
  /// ISO 8601, UTC.
  package var created: String
  package var finished: String?
  package var host: String
  package var cpu: String
  package var threads: Int
  package var fadeinVersion: String
  /// The commit that Fadein was built from, and whether its sources differed from it; nil when that is unknown.
  package var fadeinCommit: String?
  package var fadeinModified: Bool?
  package var gitCommit: String?
  package var gitDirty: Bool?
  package var datasetHash: String?
  package var specHash: String
  package var sweep: String?
  package var trial: Int?
  /// Whose weights the run began with; nil when they were drawn.
  package var from: Origin?

  /// A checkpoint of another run.
  package struct Origin: Codable, Equatable, Sendable {
    /// The run's `id`.
    package var run: String
    /// Where its folder was.
    package var path: String
    package var iteration: Int
    /// The checkpoint's digest of itself.
    package var sha256: String

    package init(run: String, path: String, iteration: Int, sha256: String) {
      self.run = run
      self.path = path
      self.iteration = iteration
      self.sha256 = sha256
    }
  }
  /// How the work is spread over the phases; nil in runs of before it was noted.
  package var work: WorkShares?

  /// What is known when a run starts; the rest can be set afterward.
  package init(
    id: String, name: String, version: Int, seed: UInt64, iterations: Int, created: Timestamp, threads: Int,
    fadeinVersion: String, specHash: String
  ) {
    self.id = id
    self.name = name
    self.version = version
    self.seed = seed
    self.iterations = iterations
    self.created = created.description
    host = Machine.name
    cpu = Machine.cpu
    self.threads = threads
    let build = ProgramVersion(fadeinVersion)
    self.fadeinVersion = build.number
    fadeinCommit = build.commit
    fadeinModified = build.isModified
    self.specHash = specHash
  }

  /// Reads the file of `run`. Throws ``Damaged`` when it is not one of ours or from a newer Fadein.
  package init(_ run: RunDirectory, _ files: any FileSystem) throws {
    let bytes = try files.contents(of: run.manifest, limit: Self.largest)
    do {
      if let plain = Manifest(plain: bytes) {
        self = plain
      } else {
        self = try JSONDecoder().decode(Manifest.self, from: Data(bytes))
      }
    } catch {
      throw UnusableFile(run.manifest, "it is not a manifest of Fadein")
    }
    guard formatVersion <= Self.currentFormat else {
      throw UnusableFile(run.manifest, "it has format \(formatVersion), from a newer Fadein")
    }
  }

  /// The program that began the run.
  package var build: ProgramVersion { ProgramVersion(number: fadeinVersion, commit: fadeinCommit, isModified: fadeinModified) }

  /// Writes the file of `run`: keys sorted, two spaces of indentation.
  package func write(to run: RunDirectory, _ files: any FileSystem) throws {
    let text = text
    guard text.utf8.count <= Self.largest else {
      throw UnusableFile(run.manifest, "it would have \(text.utf8.count) bytes, and \(Self.largest) at most are read")
    }
    try AtomicFile.write(text, to: run.manifest, in: files)
  }

  /// The file's content. Every key is there; what is not known is null.
  package var text: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    } catch {
      preconditionFailure("a manifest cannot be written as JSON: \(error)")
    }
  }

  /// All that it says in words.
  package var texts: [String] {
    [id, name, path, label, created, finished, host, cpu, fadeinVersion, fadeinCommit, gitCommit, datasetHash, specHash, sweep]
      .compactMap { $0 } + (from.map { [$0.run, $0.path, $0.sha256] } ?? [])
  }

  /// The same for one of many runs that are kept at once: what only a process that trains needs is left out, and what runs have in
  /// common goes through `shared`, which gives one text for equal ones.
  package func kept(_ shared: (String) -> String) -> Manifest {
    var kept = self
    (kept.path, kept.work) = (nil, nil)
    for text in [\Manifest.name, \.host, \.cpu, \.fadeinVersion] { kept[keyPath: text] = shared(kept[keyPath: text]) }
    for text in [\Manifest.fadeinCommit, \.gitCommit, \.datasetHash, \.sweep] {
      kept[keyPath: text] = kept[keyPath: text].map(shared)
    }
    return kept
  }
}

extension Manifest {
  enum CodingKeys: String, CodingKey {
    case formatVersion = "format_version"
    case id, name, version, path, label, seed, iterations, created, finished, host, cpu, threads
    case fadeinVersion = "fadein_version"
    case fadeinCommit = "fadein_commit"
    case fadeinModified = "fadein_modified"
    case gitCommit = "git_commit"
    case gitDirty = "git_dirty"
    case datasetHash = "dataset_hash"
    case specHash = "spec_hash"
    case sweep, trial, from, work
  }

  package func encode(to encoder: any Encoder) throws {
    var keys = encoder.container(keyedBy: CodingKeys.self)
    try keys.encode(formatVersion, forKey: .formatVersion)
    try keys.encode(id, forKey: .id)
    try keys.encode(name, forKey: .name)
    try keys.encode(version, forKey: .version)
    try keys.encodeIfPresent(path, forKey: .path)
    try keys.encode(label, forKey: .label)
    try keys.encode(seed, forKey: .seed)
    try keys.encode(iterations, forKey: .iterations)
    try keys.encode(created, forKey: .created)
    try keys.encode(finished, forKey: .finished)
    try keys.encode(host, forKey: .host)
    try keys.encode(cpu, forKey: .cpu)
    try keys.encode(threads, forKey: .threads)
    try keys.encode(fadeinVersion, forKey: .fadeinVersion)
    try keys.encode(fadeinCommit, forKey: .fadeinCommit)
    try keys.encode(fadeinModified, forKey: .fadeinModified)
    try keys.encode(gitCommit, forKey: .gitCommit)
    try keys.encode(gitDirty, forKey: .gitDirty)
    try keys.encode(datasetHash, forKey: .datasetHash)
    try keys.encode(specHash, forKey: .specHash)
    try keys.encode(sweep, forKey: .sweep)
    try keys.encode(trial, forKey: .trial)
    try keys.encode(from, forKey: .from)
    try keys.encodeIfPresent(work, forKey: .work)
  }
}
