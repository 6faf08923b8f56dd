import Basics
import Foundation
import Testing

@testable import Studies

/// Workers and how they hear of things.
@Suite struct WorkerProcessTests {
  /// A shell as a worker.
  private func worker(_ script: String) throws -> WorkerProcess {
    let null = open("/dev/null", O_WRONLY | O_CLOEXEC)
    defer { close(null) }
    return try WorkerProcess("/bin/sh", ["-c", script], log: null)
  }

  private func end(of worker: WorkerProcess) -> WorkerProcess.End? {
    let deadline = Deadline(in: 60)
    while worker.poll() == nil, !deadline.isOver { WorkerProcess.wait(for: [worker], seconds: 1) }
    return worker.poll()
  }

  @Test func `a worker's end is told as it was`() throws {
    #expect(try end(of: worker("exit 7")) == .exited(7))
    #expect(try end(of: worker("kill -KILL $$")) == .killed(by: SIGKILL))
  }

  @Test func `a worker that is let go hears of it by its input, and no signal is sent`() throws {
    let worker = try worker("read line; exit 9")
    #expect(worker.poll() == nil)
    worker.letGo()
    worker.letGo()
    #expect(end(of: worker) == .exited(9))
  }

  @Test func `a worker's input ends with the process that has started it, while others run`() throws {
    let other = try worker("read line; exit 1")
    var first: WorkerProcess? = try worker("read line; exit 8")
    let identifier = try #require(first).identifier
    first = nil
    var status: Int32 = 0
    #expect(waitpid(identifier, &status, 0) == identifier && status >> 8 & 0xff == 8)
    #expect(other.poll() == nil)
    other.letGo()
    other.wait()
  }

  @Test func `signals wait until a worker is ready for them`() throws {
    // A shell never takes them up again.
    let worker = try worker("kill -TERM $$; kill -INT $$; kill -HUP $$; kill -USR1 $$; exit 6")
    #expect(end(of: worker) == .exited(6))
  }
}
