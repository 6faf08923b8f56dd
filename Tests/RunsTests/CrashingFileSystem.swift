import Basics
import Foundation
import Synchronization

/// A file system in memory that loses power: at a chosen call everything stops, and what was not synchronized may then be
/// gone, there, or there in part. Directories themselves are always durable.
final class CrashingFileSystem: FileSystem {
  private struct Content {
    var durable: [UInt8] = []
    var current: [UInt8] = []
  }

  /// A change of the names in a directory that is not durable yet.
  private enum Change {
    case add(String, Int)
    case remove(String)
    case rename(String, String, Int)

    var path: String {
      switch self {
      case .add(let path, _), .remove(let path), .rename(_, let path, _): path
      }
    }

    func apply(to names: inout [String: Int]) {
      switch self {
      case .add(let path, let content): names[path] = content
      case .remove(let path): names[path] = nil
      case .rename(let source, let target, let content):
        names[source] = nil
        names[target] = content
      }
    }
  }

  private struct State {
    var contents: [Content] = []
    var names: [String: Int] = [:]
    var durableNames: [String: Int] = [:]
    var changes: [Change] = []
    var directories: Set<String> = []
    var open: [Int] = []
    var calls = 0
  }

  private let state: Mutex<State>
  private let crashingCall: Int

  /// An empty disk with these directories, which loses power at the call of this number; calls count from 1.
  convenience init(directories: Set<String>, crashingCall: Int) {
    self.init(State(directories: directories), crashingCall)
  }

  private init(_ state: consuming State, _ crashingCall: Int) {
    self.state = Mutex(state)
    self.crashingCall = crashingCall
  }

  var hasCrashed: Bool { state.withLock { $0.calls >= crashingCall } }

  /// The disk as the next start finds it: every change that was not durable happened or not, each file of which something
  /// was not durable is old, new, or cut between the two, perhaps with zeros after the cut.
  func afterPowerLoss(_ random: inout RandomStream, crashingCall: Int = .max) -> CrashingFileSystem {
    var next = state.withLock { $0 }
    for change in next.changes where random.below(2) == 0 { change.apply(to: &next.durableNames) }
    for index in next.contents.indices {
      let content = next.contents[index]
      var survivor = random.below(3) == 0 ? content.durable : content.current
      if content.durable != content.current, random.below(2) == 0 {
        let same = zip(content.durable, content.current).prefix { $0 == $1 }.count
        let cut = same + random.below(content.current.count - min(same, content.current.count) + 1)
        survivor = Array(content.current.prefix(cut)) + [UInt8](repeating: 0, count: random.below(2) * random.below(600))
      }
      next.contents[index] = Content(durable: survivor, current: survivor)
    }
    next.names = next.durableNames
    (next.changes, next.open, next.calls) = ([], [], 0)
    return CrashingFileSystem(next, crashingCall)
  }

  private func step<Value: Sendable>(
    _ operation: FileError.Operation, _ path: String, _ body: (inout State) -> Result<Value, FileError>
  ) throws(FileError) -> Value {
    let result = state.withLock { state -> Result<Value, FileError> in
      state.calls += 1
      guard state.calls < crashingCall else { return .failure(FileError(operation, path, errno: EIO)) }
      return body(&state)
    }
    return try result.get()
  }

  func createDirectory(_ path: String) throws(FileError) {
    try step(.createDirectory, path) { state in
      state.directories.insert(path).inserted ? .success(()) : .failure(FileError(.createDirectory, path, errno: EEXIST))
    }
  }

  func open(_ path: String, _ mode: FileMode) throws(FileError) -> OpenFile {
    try step(.open, path) { state -> Result<OpenFile, FileError> in
      var content = state.names[path]
      if case .createNew = mode, content != nil { return .failure(FileError(.create, path, errno: EEXIST)) }
      if case .read = mode, content == nil { return .failure(FileError(.open, path, errno: ENOENT)) }
      if content == nil {
        state.contents.append(Content())
        content = state.contents.count - 1
        state.names[path] = content
        state.changes.append(.add(path, state.contents.count - 1))
      }
      state.open.append(content!)
      return .success(OpenFile(descriptor: Int32(state.open.count - 1), path: path))
    }
  }

  func write(_ bytes: UnsafeRawBufferPointer, to file: OpenFile) throws(FileError) -> Int {
    let written = Array(bytes.prefix(max(1, bytes.count / 2 + 64)))
    return try step(.write, file.path) { state in
      state.contents[state.open[Int(file.descriptor)]].current += written
      return .success(written.count)
    }
  }

  func read(into buffer: UnsafeMutableRawBufferPointer, from file: OpenFile, at offset: Int) throws(FileError) -> Int {
    let count = buffer.count
    let bytes = try step(.read, file.path) { state in
      .success(Array(state.contents[state.open[Int(file.descriptor)]].current.dropFirst(offset).prefix(count)))
    }
    buffer.copyBytes(from: bytes)
    return bytes.count
  }

  func synchronize(_ file: OpenFile) throws(FileError) {
    try step(.synchronize, file.path) { state in
      let index = state.open[Int(file.descriptor)]
      state.contents[index].durable = state.contents[index].current
      return .success(())
    }
  }

  func synchronizeDirectory(_ path: String) throws(FileError) {
    try step(.synchronize, path) { state in
      for change in state.changes where Path.parent(of: change.path) == path { change.apply(to: &state.durableNames) }
      state.changes.removeAll { Path.parent(of: $0.path) == path }
      return .success(())
    }
  }

  func truncate(_ file: OpenFile, to size: Int) throws(FileError) {
    try step(.truncate, file.path) { state in
      let index = state.open[Int(file.descriptor)]
      state.contents[index].current = Array(state.contents[index].current.prefix(size))
      return .success(())
    }
  }

  func close(_ file: OpenFile) throws(FileError) {
    try step(.close, file.path) { _ in .success(()) }
  }

  func rename(_ source: String, to target: String) throws(FileError) {
    try step(.rename, target) { state -> Result<Void, FileError> in
      guard let content = state.names.removeValue(forKey: source) else {
        return .failure(FileError(.rename, target, errno: ENOENT))
      }
      state.names[target] = content
      state.changes.append(.rename(source, target, content))
      return .success(())
    }
  }

  func remove(_ path: String) throws(FileError) {
    try step(.remove, path) { state -> Result<Void, FileError> in
      guard state.names.removeValue(forKey: path) != nil else { return .failure(FileError(.remove, path, errno: ENOENT)) }
      state.changes.append(.remove(path))
      return .success(())
    }
  }

  func list(_ path: String) throws(FileError) -> [String] {
    try step(.list, path) { state in
      .success(state.names.keys.filter { Path.parent(of: $0) == path }.map { Path.name(of: $0) }.sorted())
    }
  }

  func status(of path: String) throws(FileError) -> FileStatus? {
    try step(.examine, path) { state -> Result<FileStatus?, FileError> in
      if state.directories.contains(path) { return .success(FileStatus(kind: .directory, size: 0)) }
      return .success(state.names[path].map { FileStatus(kind: .file, size: state.contents[$0].current.count) })
    }
  }

  func lock(_ file: OpenFile, shared: Bool) throws(FileError) -> Bool {
    try step(.lock, file.path) { _ in .success(true) }
  }
}
