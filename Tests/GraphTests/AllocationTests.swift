import Foundation
import Graph
import Kernels
import Testing

@Suite struct AllocationTests {
  /// In a process of its own, where no other test allocates.
  @Test func `running a plan allocates nothing`() async {
    await #expect(processExitsWith: .success) {
      let critic = try Critic(batch: 2, side: 8, channels: 5)
      let outputs = ["loss": critic.loss, "gradient": try gradients(of: critic.loss, wrt: critic.weights)[0]]
      let inputs = critic.fixture.feed.mapValues { FloatBuffer($0.map { Float($0) }) }
      let executor = Executor(try Plan(outputs: outputs), inputs: inputs, lanes: Lanes(count: 1))
      let heap = try #require(HeapMeter())
      executor.run()
      // The process has threads of its own that now and then allocate: once in five is not the plan's doing.
      let growth = (0..<5).map { _ in
        #if !DEBUG
          emptyThreadCache()  // without optimization, generic code and closures take blocks that they give back
        #endif
        let before = heap.used()
        for _ in 0..<10 { executor.run() }
        return heap.used() - before
      }
      try #require(growth.contains(0), "ten runs left \(growth) bytes")
      emptyThreadCache()
      let before = heap.used()
      // The measurement sees what it should: a block that lives for a moment only.
      let block = malloc(100)
      block?.storeBytes(of: 1, as: UInt8.self)
      free(block)
      try #require(heap.used() > before, "a block was allocated unseen")
    }
  }
}

/// Asks glibc how much of its heap is in use.
private struct HeapMeter {
  private typealias Report = @convention(c) (Int32, UnsafeMutablePointer<FILE>) -> Int32
  private let report: Report
  private let stream: UnsafeMutablePointer<FILE>
  private let text: UnsafeMutablePointer<CChar>
  private static let capacity = 65_536

  init?() {
    text = .allocate(capacity: Self.capacity)
    // malloc_info is not in Swift's module of the C library.
    guard let address = dlsym(nil, "malloc_info"), let stream = fmemopen(text, Self.capacity, "w") else { return nil }
    report = unsafeBitCast(address, to: Report.self)
    self.stream = stream
    setvbuf(stream, nil, _IONBF, 0)
  }

  /// Bytes that are neither free nor part of the unused top; a thread's cache counts as used. Reads the numbers after the last
  /// `</heap>`, which are of all heaps together, before anything else is allocated.
  func used() -> Int {
    rewind(stream)
    _ = report(0, stream)
    fflush(stream)
    guard let totals = strstr(text, "</heap>\n<total") else { return -1 }
    func size(_ key: String) -> Int {
      guard let element = strstr(totals, key), let size = strstr(element, "size=\"") else { return 0 }
      return atol(size + 6)
    }
    return size("system type=\"current\"") - size("total type=\"fast\"") - size("total type=\"rest\"")
  }
}

/// Takes the free blocks that glibc keeps for this thread, so that even a block that is freed at once comes from the common
/// heap and stays in the thread's cache, which counts as used.
private func emptyThreadCache() {
  for size in stride(from: 8, through: 1032, by: 16) {
    for _ in 0..<16 { malloc(size)?.storeBytes(of: 1, as: UInt8.self) }
  }
}
