import Foundation
import Synchronization
import Testing

@testable import Training

@Suite struct BackgroundJobTests {
  @Test func `a job that is dropped waits for its work`() {
    final class Flag: Sendable { let isSet = Atomic<Bool>(false) }
    let (flag, started, proceed) = (Flag(), DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    DispatchQueue.global().async {
      started.wait()
      proceed.signal()
    }
    do {
      let job = BackgroundJob<Int>()
      job.begin {
        started.signal()
        proceed.wait()
        flag.isSet.store(true, ordering: .sequentiallyConsistent)
        return 1
      }
    }
    let isSet = flag.isSet.load(ordering: .sequentiallyConsistent)
    #expect(isSet)
  }

  @Test func `its outcome is taken once`() throws {
    let job = BackgroundJob<Int>()
    #expect(try job.take(waiting: true) == nil)
    job.begin { 7 }
    #expect(try job.take(waiting: true) == 7)
    #expect(try job.take(waiting: true) == nil)
    job.begin { throw CancellationError() }
    #expect(throws: CancellationError.self) { try job.take(waiting: true) }
  }
}
