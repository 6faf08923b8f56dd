/// How the program ends, for scripts: the numbers of BSD's `sysexits.h` where one fits.
package enum ExitCode: Int32, CaseIterable, Sendable {
  case done = 0
  /// A run ended by its own rule.
  case stoppedByRule = 1
  case usage = 64
  /// A bad spec or bad data.
  case badData = 65
  case inputNotFound = 66
  case internalError = 70
  /// The machine, or a limit that the process runs under, does not give what is needed: memory, threads, processes, files.
  case systemLimit = 71
  case cannotCreate = 73
  case ioError = 74
  /// Another process holds the run; trying later helps.
  case busy = 75
  /// The terminal or connection is gone; after a checkpoint.
  case hangup = 129
  /// Stopped by the user, after a checkpoint.
  case interrupted = 130
}
