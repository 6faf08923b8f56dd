import Testing

@testable import CLI

@Suite struct StopRequestTests {
  @Test func `signals within about a second are one request, and a later one is another`() {
    for milliseconds: Int64 in [0, 1, 10, 100, 500, 800] {
      #expect(!StopRequest.isAnother(5_000_000_000 + milliseconds * 1_000_000, after: 5_000_000_000), "\(milliseconds) ms")
    }
    for milliseconds: Int64 in [1_000, 1_500, 60_000] {
      #expect(StopRequest.isAnother(5_000_000_000 + milliseconds * 1_000_000, after: 5_000_000_000), "\(milliseconds) ms")
    }
  }
}
