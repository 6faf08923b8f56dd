import Basics
import Models
import Runs
import Spec
import Training

/// `run --resume-or-start`: one line for scripts that may be called any number of times.
struct ResumeOrStart {
  let spec: ExperimentSpec
  /// The weights that the run is to begin with, or nil.
  let origin: Origin?
  /// The folder of runs.
  let runs: String
  let files: LocalFileSystem

  /// Resumes the newest version that this spec, these images and these weights have, or calls `start`. The same command at the same
  /// time ends with 75: looking and starting are one step to it.
  func run(accept: Bool, _ training: TrainingArguments, start: () throws -> Void) throws {
    try files.createDirectories(runs)
    let (files, folder) = (try files.confined(to: runs), Path.join(runs, spec.name))
    try files.createDirectories(folder)
    let yaml = try spec.readableYAML(.fadein)
    let path = Path.join(folder, Self.lockName(yaml, origin))
    guard let lock = try FileLock(trying: path, files) else {
      let holder = FileLock.words(in: path, files).printable
      throw Diagnostics(
        "another process resumes or starts this experiment in '\(folder)'" + (holder.isEmpty ? "" : " (\(holder))"), exitCode: .busy
      )
    }
    defer { withExtendedLifetime(lock) {} }
    let twin = try training.images.with { cache in
      try TrainingRun(spec, threads: training.threads.count, cache: cache, in: files)
        .twin(in: folder, specHash: Digest.sha256(yaml), origin: origin) { reason in
          Console.tell(Diagnostics([Diagnostic("passed over: \(reason)", severity: .warning)]))
        }
    }
    guard let twin else { return try start() }
    try Resume.resume(twin, accept: accept, training)
  }

  /// A name of its own for what two commands must have in common to be the same.
  private static func lockName(_ yaml: String, _ origin: Origin?) -> String {
    ".start-" + Digest.sha256(yaml + (origin?.note.sha256 ?? "")).prefix(16)
  }
}
