import Basics
import Foundation
import Runs
import TestSupport
import Testing

@Suite struct FolderLockTests {
  @Test func `who waits for a folder that is moved away and made anew has the lock of the new one`() async throws {
    let scratch = try TemporaryFolder()
    let folder = scratch("out")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    var first = try FolderLock(trying: folder)
    #expect(first != nil)
    #expect(try FolderLock(trying: folder) == nil)
    let (said, hears) = AsyncStream.makeStream(of: Void.self)
    let waiting = Task.detached { try FolderLock.waiting(for: folder) { hears.yield() } }
    for await _ in said { break }
    try FileManager.default.moveItem(atPath: folder, toPath: scratch("old"))
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    first = nil
    let second = try await waiting.value
    #expect(second != nil)
    #expect(try FolderLock(trying: folder) == nil)
    #expect(try FolderLock(trying: scratch("old")) != nil)
    withExtendedLifetime(second) {}
  }
}
