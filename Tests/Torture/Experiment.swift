import Basics
import Foundation
import Runs

/// What is trained, how it ends undisturbed, and how long that takes.
struct Experiment {
  static let iterations = 38
  /// Where the stopped run stands, and its last checkpoint but one.
  static let (stop, earlier) = (22, 20)

  let workplace: Workplace
  /// The path of its file.
  let spec: String
  /// The undisturbed run.
  let whole: RunDirectory
  /// What the undisturbed run took.
  let seconds: Double
  /// A run that was stopped after the iteration ``stop``.
  private let stopped: RunDirectory
  /// What is otherwise than in the file.
  private let overrides: [String]

  /// A hold, a fade, a hold, a rate drop, optimizer resets, augmentation, a checkpoint every fourth iteration.
  private static let text = """
    version: 2
    name: torture
    seed: 7
    data: {folder: icons, resolution: 8, augment: {contrast: {factor: [1.0, 2.0]}}}
    generator: {latent: 5, widths: [8, 6]}
    discriminator: {top: 7, widths: [8, 6]}
    schedule:
      batch: 3
      phases:
        - {resolution: 4, hold: 12}
        - {resolution: 8, fade: 14, hold: 12}
    optimizer:
      adam: {rate: 1e-3, beta1: 0.5}
      reset: phase
      drops: [{resolution: 8, after: 10, rate: 1e-4}]
    loss:
      generator: {wasserstein: {}}
      discriminator: {wasserstein: {}, gradient_penalty: {}, drift: {}}
    record:
      metrics: 1
      samples: {every: 5, count: 4}
      checkpoints: {every: 4, keep: 2}
      evaluate: {every: 3, images: 8}

    """

  /// Writes it into the folder of `workplace`, or into one of that there, and trains it undisturbed.
  init(in workplace: Workplace, folder name: String? = nil, _ overrides: [String] = []) throws {
    self.workplace = workplace
    self.overrides = overrides
    let folder = name.map { Path.join(workplace.folder, $0) } ?? workplace.folder
    let (icons, manager) = (folder + "/icons", FileManager.default)
    try manager.createDirectory(atPath: icons, withIntermediateDirectories: true)
    for name in (0..<5).map({ "000\($0).png" }) {
      try manager.copyItem(atPath: "\(Workplace.repository)/experiments/icons/\(name)", toPath: "\(icons)/\(name)")
    }
    spec = folder + "/torture.yaml"
    try Self.text.write(toFile: spec, atomically: false, encoding: .utf8)
    let folders = ["whole", "stopped"].map { Path.join(folder, $0) }
    (whole, stopped) = (Self.first(in: folders[0]), Self.first(in: folders[1]))
    let endings = try zip(folders, [[], ["--stop-after", String(Self.stop)]]).map { [spec] runs, more in
      try workplace.run(["run", spec, "--runs", runs, "--quiet"] + more + overrides)
    }
    for ending in endings { try check(ending.code == 0, "an undisturbed run ended with \(ending.code): \(ending.errors)") }
    seconds = endings[0].seconds
  }

  /// The first run in the folder of runs `runs`.
  static func first(in runs: String) -> RunDirectory { RunDirectory(Path.join(runs, "torture/v001")) }

  /// A copy of the stopped run, in the new folder of runs `runs`.
  func stopped(in runs: String) throws -> RunDirectory {
    try FileManager.default.createDirectory(atPath: Path.join(runs, "torture"), withIntermediateDirectories: true)
    let run = Self.first(in: runs)
    try FileManager.default.copyItem(atPath: stopped.path, toPath: run.path)
    return run
  }

  /// The words that begin a run in the folder of runs `runs`.
  func beginning(_ runs: String) -> [String] { ["run", spec, "--runs", runs, "--quiet"] + overrides }

  /// The words that continue one.
  static func resumption(_ runs: String) -> [String] { ["resume", "torture", "--runs", runs, "--quiet"] }

  /// Continues the run in the folder of runs `runs` to its end and compares it with the undisturbed one. One that was killed before
  /// anything was recorded is begun again.
  func resumeToEnd(_ runs: String, threads: Int = 1) throws {
    let first = Self.first(in: runs)
    if FileManager.default.fileExists(atPath: first.manifest) {
      let ending = try workplace.run(["resume", first.path, "--threads", String(threads), "--quiet"])
      try check(ending.code == 0, "\(first.path) cannot be resumed: \(ending.errors)")
      return try compare(first)
    }
    let refusal = try workplace.run(Self.resumption(runs))
    try check(refusal.code == 66, "resuming a run that was never begun ended with \(refusal.code)")
    let ending = try workplace.run(beginning(runs))
    try check(ending.code == 0, "a run cannot be begun after one that was killed: \(ending.errors)")
    try compare(RunDirectory.find("torture", in: runs, LocalFileSystem()))
  }

  /// Ends the trial if the run's newest checkpoint is not that of the stopped one.
  func compareStopped(_ run: RunDirectory) throws {
    try check(Self.newestCheckpoint(of: run) == Self.newestCheckpoint(of: stopped), "the newest checkpoint of \(run.path) differs")
  }
}
