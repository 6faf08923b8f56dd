import Basics
import Foundation

/// The limits that the system sets to this process, where the program would otherwise hang or crash by them.
enum SystemLimits {
  /// Files that a command may have open at a time, beside those that it was started with.
  private static let neededFiles = 24
  /// What every command may take for itself.
  private static let neededMemory = MemoryNeed(bytes: 16_000_000)
  /// Bytes of stack that commands are known to get by with.
  private static let ampleStack = 8 << 20

  /// Sees to enough open files. Throws where the system gives too few.
  static func requireFiles() throws(Diagnostics) {
    var limits = rlimit()
    guard getrlimit(Int32(bitPattern: RLIMIT_NOFILE.rawValue), &limits) == 0 else { return }
    let wanted = min(limits.rlim_max, 1024)
    if limits.rlim_cur < wanted {
      limits.rlim_cur = wanted
      setrlimit(Int32(bitPattern: RLIMIT_NOFILE.rawValue), &limits)
    }
    let count = Int32(clamping: limits.rlim_cur)
    var (free, number) = (0, Int32(0))
    while number < count, free < neededFiles {
      if fcntl(number, F_GETFD) == -1 { free += 1 }
      number += 1
    }
    guard free < neededFiles else { return }
    throw Diagnostics(
      "only \(free) more files may be open at a time, and \(neededFiles) are needed",
      note: "the limit is \(count) (ulimit -n)", exitCode: .systemLimit)
  }

  /// Throws where a limit on addresses leaves too little for any command: once it is met, nobody can say so.
  static func requireMemory() throws(Diagnostics) {
    // Every command starts here.
    guard AvailableMemory.hasOwnLimit else { return }
    shareHeap()
    let reserved = AvailableMemory.now.reserved
    do throws(NotEnoughMemory) {
      try neededMemory.require(for: "every command", from: AvailableMemory(touched: nil, reserved: reserved))
    } catch {
      throw error.diagnostics
    }
  }

  /// Lets all threads take memory from one heap. A heap of a thread's own takes 64 MB of addresses, and whether a thread gets one
  /// depends on what others do at that moment.
  private static func shareHeap() {
    let mostHeaps: Int32 = -8  // M_ARENA_MAX of <malloc.h>, which Glibc's module leaves out.
    typealias SetOption = @convention(c) (Int32, Int32) -> Int32
    guard let address = dlsym(nil, "mallopt") else { return }
    _ = unsafeBitCast(address, to: SetOption.self)(mostHeaps, 1)
  }

  /// Does `work` on a stack that is large enough, also where that of the program is not (`ulimit -s`).
  static func onAmpleStack(_ work: @escaping @Sendable () -> Void) {
    var limits = rlimit()
    guard getrlimit(Int32(bitPattern: RLIMIT_STACK.rawValue), &limits) == 0, limits.rlim_cur < rlim_t(ampleStack),
      let thread = SystemThread.begin(stackBytes: ampleStack, work)
    else { return work() }
    pthread_join(thread, nil)
  }
}
