import Foundation

/// A Slurm cluster of this machine alone, for one test; `scripts/local-slurm` starts and ends it.
final class SlurmCluster {
  /// Why there is none.
  struct Unavailable: Error, CustomStringConvertible {
    let description: String
  }

  private let folder: String
  /// What programs need to find it.
  let environment: [String: String]

  /// - Parameter longestArray: the cluster's `MaxArraySize`.
  init(longestArray: Int = 1001) throws {
    guard getuid() == 0 else { throw Unavailable(description: "Slurm's daemon needs root") }
    for program in ["/usr/sbin/slurmctld", "/usr/sbin/slurmd", "/usr/sbin/munged"] {
      guard FileManager.default.isExecutableFile(atPath: program) else {
        throw Unavailable(description: "there is no \(program): apt-get install slurm-wlm munge")
      }
    }
    folder = "/tmp/fadein-slurm-\(UUID().uuidString.prefix(8))"
    let port = Int.random(in: 20_000..<40_000)
    let answer = try Self.run([Self.script, "start", folder], ["SLURM_PORT": String(port), "SLURM_ARRAY": String(longestArray)])
    guard let conf = answer.output.split(separator: "=").last, answer.code == 0 else {
      _ = try? Self.run([Self.script, "stop", folder], [:])
      throw Unavailable(description: "the cluster does not start: \(answer.errors)")
    }
    environment = ["SLURM_CONF": conf.trimmingCharacters(in: .whitespacesAndNewlines)]
  }

  deinit {
    _ = try? Self.run(["scancel", "--user=root"], environment)
    _ = try? Self.run([Self.script, "stop", folder], environment)
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// Runs one of Slurm's commands.
  func command(_ words: String...) throws -> String { try Self.run(words, environment).output }

  private static let script = Program.repository.appending(path: "scripts/local-slurm").path

  private static func run(_ words: [String], _ environment: [String: String]) throws -> (
    code: Int32, output: String, errors: String
  ) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = words
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    // Files, since the daemons that it starts would keep pipes open.
    let paths = (0..<2).map { _ in NSTemporaryDirectory() + "fadein-slurm-\(UUID().uuidString)" }
    defer { for path in paths { try? FileManager.default.removeItem(atPath: path) } }
    let handles = try paths.map { path in
      _ = FileManager.default.createFile(atPath: path, contents: nil)
      return try FileHandle(forWritingTo: URL(filePath: path))
    }
    (process.standardInput, process.standardOutput, process.standardError) = (FileHandle.nullDevice, handles[0], handles[1])
    try process.run()
    process.waitUntilExit()
    let texts = paths.map { String(decoding: FileManager.default.contents(atPath: $0) ?? Data(), as: UTF8.self) }
    return (process.terminationStatus, texts[0], texts[1])
  }
}
