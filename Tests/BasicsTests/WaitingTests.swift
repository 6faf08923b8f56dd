import Basics
import Foundation
import Testing

/// Waiting must not depend on the time of day, which somebody may set back by an hour.
@Suite struct WaitingTests {
  /// What asks for the time of day, or waits until one. A semaphore's timeout is a time of the day on Linux, however it was made.
  private static let wallClocks = [
    "Date(", "Date.now", "CLOCK_REALTIME", "wallDeadline", "wait(timeout:", "RunLoop", "waitUntilExit",
  ]
  /// Files that tell when something happened, and do not wait with that; and one that looks at the end of a process that has ended.
  private static let tellers: Set<String> = ["Timestamp.swift", "GitState.swift"]

  @Test func `nothing in the program waits by the time of day`() throws {
    var root = URL(filePath: #filePath)
    for _ in 0..<3 { root.deleteLastPathComponent() }
    let sources = try #require(FileManager.default.enumerator(at: root.appending(path: "Sources"), includingPropertiesForKeys: nil))
    var found: [String] = []
    for case let file as URL in sources where file.pathExtension == "swift" && !Self.tellers.contains(file.lastPathComponent) {
      let bytes = try Data(contentsOf: file)
      guard Self.wallClocks.contains(where: { bytes.range(of: Data($0.utf8)) != nil }) else { continue }
      for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
        let code = line.replacing("wait(timeout: .now())", with: "").prefix { $0 != "/" }
        guard Self.wallClocks.contains(where: code.contains) else { continue }
        found.append("\(file.lastPathComponent): \(line.trimmingCharacters(in: .whitespaces))")
      }
    }
    #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
  }

  @Test func `a deadline comes when its time is over, and not before`() {
    #expect(Deadline(in: 0).isOver)
    let (start, deadline) = (MonotonicClock.system.seconds, Deadline(in: 0.02))
    while !deadline.isOver { MonotonicClock.pause(0.001) }
    #expect(MonotonicClock.system.seconds - start >= 0.02)
  }
}
