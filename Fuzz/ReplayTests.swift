import Foundation
import Testing

/// Every file of the corpus once more: what the fuzzer found stays found.
@Suite struct ReplayTests {
  private static let corpus = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "corpus")

  /// What the fuzzer allows for an input; a debug build gets the rest.
  private static let patienceSeconds = 20.0

  @Test(arguments: FuzzTarget.allCases)
  func `no file of the corpus does harm`(target: FuzzTarget) throws {
    let folder = Self.corpus.appending(path: target.rawValue)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(names.count >= 10)
    for name in names {
      let bytes = [UInt8](try Data(contentsOf: folder.appending(path: name)))
      let start = threadSeconds()
      #expect(throws: Never.self, "\(target.rawValue)/\(name)") { try target.run(bytes) }
      #expect(threadSeconds() - start < Self.patienceSeconds, "\(target.rawValue)/\(name)")
    }
  }

  @Test(arguments: FuzzTarget.allCases)
  func `no beginning of a file of the corpus does harm`(target: FuzzTarget) throws {
    let folder = Self.corpus.appending(path: target.rawValue)
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() {
      let bytes = [UInt8](try Data(contentsOf: folder.appending(path: name)).prefix(200))
      for count in 0...bytes.count {
        #expect(throws: Never.self, "\(target.rawValue)/\(name), \(count) bytes") { try target.run(Array(bytes.prefix(count))) }
      }
    }
  }
}

/// Processor time of this thread: the clock would also count what other programs do.
private func threadSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
