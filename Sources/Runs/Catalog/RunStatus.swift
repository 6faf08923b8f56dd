import Basics

/// The status of a run. It is derived from the lock, the last event and the files, and stored nowhere.
package enum RunStatus: String, CaseIterable, Sendable {
  /// A process holds its lock.
  case running
  /// It reached the end and its generator is there.
  case finished
  /// It stopped on request or by a watch rule.
  case stopped
  /// It was killed or interrupted; `resume` continues it.
  case interrupted
  /// An error ended it.
  case failed

  /// The status of `run` at this moment. Of one whose manifest says that it `isFinished` nobody holds the lock for long, and a process
  /// that trains it on begins with an event.
  package init(
    of run: RunDirectory, isFinished: Bool = false, headers: KnownHeaders = KnownHeaders(), _ files: any FileSystem
  ) throws(FileError) {
    if isFinished {
      try self.init(recordedIn: run, headers: headers, files)
      if self == .finished { return }
    }
    if try RunLock.isHeld(run, files) {
      self = .running
      return
    }
    try self.init(recordedIn: run, headers: headers, files)
  }

  /// The status of `run` as its files tell it, whoever may hold it.
  package init(
    recordedIn run: RunDirectory, headers: KnownHeaders = KnownHeaders(), _ files: any FileSystem
  ) throws(FileError) {
    let event = try TableRow(lastOf: run.events, headers: headers, files)?["event"].flatMap(RunEvent.init(rawValue:))
    let hasGenerator = try files.fileStatus(of: run.generator) != nil
    self.init(lastEvent: event, hasGenerator: hasGenerator)
  }

  /// The status of a run that no process holds.
  init(lastEvent: RunEvent?, hasGenerator: Bool) {
    self =
      switch lastEvent {
      case .finish where hasGenerator: .finished
      case .stop: .stopped
      case .fail: .failed
      default: .interrupted
      }
  }
}
