/// SIGKILL at chosen points: just before and just after calls to the system that touch files.
enum ChosenCalls: Chapter {
  /// A kind of calls as strace names it. Of those that are made by hundreds every eleventh is chosen; the first are those of the
  /// program's start.
  private struct Kind {
    let name, calls: String
    var step = 1
    var isInShortForm = false
  }

  private static let kinds = [
    Kind(name: "openat", calls: "openat", step: 11),
    Kind(name: "write", calls: "write", step: 11, isInShortForm: true),
    Kind(name: "fsync", calls: "fsync", isInShortForm: true),
    Kind(name: "ftruncate", calls: "ftruncate"),
    Kind(name: "close", calls: "close", step: 11),
    Kind(name: "rename", calls: "?rename,?renameat,?renameat2", isInShortForm: true),
    Kind(name: "unlink", calls: "?unlink,?unlinkat"),
  ]

  private static func strace(_ rules: String...) -> [String] {
    ["strace", "-f", "-qq", "-o", "/dev/null"] + rules.flatMap { ["-e", $0] }
  }

  static func run(_ session: Session) throws {
    let probe = try session.experiment.workplace.run(["--version"], through: strace("inject=getppid:error=EIO"))
    guard probe.code == 0 else {
      return session.note("kill -9 at a chosen call", .skipped("strace is not installed or may not trace"))
    }
    for kind in kinds where !session.isShort || kind.isInShortForm {
      for (when, error) in [("before", "error=EIO:"), ("after", "")] {
        // A number may be too high, since each thread counts its own.
        session.row("kill -9 \(when) \(kind.name)", .chosenCalls, misses: session.isShort ? 20 : 0) { trial in
          let number = session.isShort ? 2 + trial.random.below(8) : 1 + (trial.number - 1) * kind.step
          let run = try trial.experiment.stopped(in: trial.runs)
          let wrapper = strace("trace=\(kind.calls)", "inject=\(kind.calls):\(error)signal=SIGKILL:when=\(number)")
          let ending = try trial.experiment.workplace.run(["resume", run.path, "--threads", "1", "--quiet"], through: wrapper)
          guard ending.code == 137 else { throw Verdict.missed }
          try trial.resumeToEnd()
        }
      }
    }
  }
}
