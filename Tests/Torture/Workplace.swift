import Basics
import Foundation
import Synchronization
import TestSupport

/// The program, and the folder in which everything happens to it; what was started and mounted there ends with it.
final class Workplace: Sendable {
  /// Absolute, as all paths here.
  let program: String
  let folder: String
  let keepsFolder: Bool
  private let children = Mutex<[ChildProcess]>([])
  private let disks = Mutex<[String]>([])
  private let captures = Mutex(0)

  /// The checkout.
  static let repository = (0..<3).reduce(#filePath) { path, _ in Path.parent(of: path) }

  /// Runs `program` in `folder`, or in a new one that goes in the end.
  init(program: String, folder: String?) throws {
    let temporary = Path.join(NSTemporaryDirectory(), "fadein-torture-" + UUID().uuidString)
    let path = URL(filePath: folder ?? temporary).path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    (self.program, keepsFolder) = (URL(filePath: program).path, folder != nil)
    self.folder = URL(filePath: path).resolvingSymlinksInPath().path
    try FileManager.default.createDirectory(atPath: self.folder + "/captures", withIntermediateDirectories: true)
  }

  /// Starts the program with `arguments`, through the words of `wrapper` before it.
  func start(_ arguments: [String], through wrapper: [String] = [], environment: [String: String] = [:]) throws -> Running {
    let number = captures.withLock { count in
      count += 1
      return count
    }
    let words = wrapper + [program] + arguments
    let running = try Running(words, in: self, captures: "\(folder)/captures/\(number)", environment: environment)
    children.withLock { $0 = $0.filter { $0.end == nil } + [running.process] }
    return running
  }

  /// Runs the program to its end.
  func run(_ arguments: [String], through wrapper: [String] = [], environment: [String: String] = [:]) throws -> Running.Ending {
    try start(arguments, through: wrapper, environment: environment).wait()
  }

  /// Mounts an empty disk in the new folder `path`, of as many bytes as `size` says, for the time of `body`.
  func withDisk(_ path: String, size: String, _ body: () throws -> Void) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    disks.withLock { $0.append(path) }
    defer { unmount() }
    guard mount("none", path, "tmpfs", 0, size) == 0 else { throw FileError(.create, path, errno: errno) }
    try body()
  }

  private func unmount() {
    disks.withLock { disks in
      for disk in disks { umount2(disk, Int32(MNT_DETACH)) }
      disks = []
    }
  }

  /// Ends what was started, and removes the folder.
  func close() {
    children.withLock { for child in $0 where child.end == nil { kill(child.identifier, SIGKILL) } }
    unmount()
    if !keepsFolder { try? FileManager.default.removeItem(atPath: folder) }
  }

  /// From now on a signal closes this and ends the process.
  func closeOnSignals() {
    var signals = sigset_t()
    sigemptyset(&signals)
    for signal in [SIGINT, SIGTERM] { sigaddset(&signals, signal) }
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    Thread.detachNewThread { [signals] in
      var (signals, signal) = (signals, Int32(0))
      sigwait(&signals, &signal)
      self.close()
      _exit(130)
    }
  }

  /// Begins this process again where nobody else sees its disks, if the system allows; returns whether it did. Call it first.
  static func moveMounts() -> Bool {
    let (key, environment) = ("FADEIN_TORTURE_MOUNTS", ProcessInfo.processInfo.environment)
    if environment[key] != nil { return true }
    guard let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") else { return false }
    for flags in ["-m", "-rm"] where Command.run(["unshare", flags, "true"], environment: environment, seconds: 10)?.code == 0 {
      setenv(key, "yes", 1)
      execvp("unshare", (["unshare", flags, program] + CommandLine.arguments.dropFirst()).map { strdup($0) } + [nil])
    }
    return false
  }
}
