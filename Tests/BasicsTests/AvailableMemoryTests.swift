import Testing

@testable import Basics

@Suite struct AvailableMemoryTests {
  private static let meminfo = "MemTotal: 16000 kB\nMemAvailable:    8000 kB\nSwapFree:  2000 kB\n"

  private func available(_ files: [String: String], addresses: Int? = nil, data: Int? = nil)
    -> AvailableMemory
  {
    AvailableMemory(addressLimit: addresses, dataLimit: data, pageSize: 4096) { files[$0] }
  }

  @Test func `the machine has what can be used without swapping, and its swap`() {
    let memory = available(["/proc/meminfo": Self.meminfo])
    #expect(
      memory.touched == .init(bytes: 10_000 * 1024, source: "the machine") && memory.reserved == nil
    )
  }

  @Test func `a control group of version 2 limits, and so does one that holds it`() {
    var files = [
      "/proc/meminfo": Self.meminfo, "/proc/self/cgroup": "0::/user/job\n",
      "/proc/self/mountinfo": "30 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw\n",
      "/sys/fs/cgroup/user/job/memory.max": "max\n",
      "/sys/fs/cgroup/user/job/memory.current": "4096\n",
      "/sys/fs/cgroup/user/memory.max": "5000000\n",
      "/sys/fs/cgroup/user/memory.current": "3000000\n",
      "/sys/fs/cgroup/user/memory.stat": "anon 1\ninactive_file 500000\nactive_file 200000\n",
    ]
    #expect(available(files).touched == .init(bytes: 2_700_000, source: "the control group"))
    files["/sys/fs/cgroup/user/job/memory.max"] = "100000\n"
    #expect(available(files).touched?.bytes == 95_904)
  }

  @Test
  func `a control group of version 1 limits, also in a container that sees its own as the root`() {
    var files = [
      "/proc/meminfo": Self.meminfo, "/proc/self/cgroup": "5:cpu:/\n4:memory:/docker/abc\n0::/\n",
      "/proc/self/mountinfo":
        "40 23 0:30 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n",
      "/sys/fs/cgroup/memory/memory.limit_in_bytes": "2000000\n",
      "/sys/fs/cgroup/memory/memory.usage_in_bytes": "1500000\n",
      "/sys/fs/cgroup/memory/memory.stat": "total_inactive_file 100000\ntotal_active_file 0\n",
    ]
    #expect(available(files).touched == .init(bytes: 600_000, source: "the control group"))
    files["/sys/fs/cgroup/memory/memory.limit_in_bytes"] = "9223372036854771712\n"
    #expect(available(files).touched?.source == "the machine")
  }

  @Test func `what the process has reserved counts against its own limits`() {
    let statm = ["/proc/self/statm": "1000 100 50 1 0 300 0\n"]
    let memory = available(statm, addresses: 10_000_000, data: 2_000_000)
    #expect(
      memory.reserved
        == .init(bytes: 2_000_000 - 300 * 4096, source: "the data segment (ulimit -d)"))
    #expect(available(statm, addresses: 10_000_000).reserved?.bytes == 10_000_000 - 1000 * 4096)
    #expect(available(statm, addresses: 1).reserved?.bytes == 0)
  }

  @Test func `needs add up without overflowing, and what does not fit is told`() {
    let huge = MemoryNeed(floats: .max)
    #expect(
      (huge + huge).bytes == .max && (1000 * huge).bytes == .max
        && MemoryNeed.product(.max, .max, 2) == .max)
    #expect(MemoryNeed(floats: 10).bytes == 40 && MemoryNeed(floats: 600_000).bytes == 4 << 20)
    let memory = AvailableMemory(
      touched: .init(bytes: 50_000_000, source: "the machine"), reserved: nil)
    #expect(throws: NotEnoughMemory.self) { try huge.require(for: "training", from: memory) }
    #expect(throws: Never.self) {
      try MemoryNeed(bytes: 50_000_000).require(for: "training", from: memory)
    }
    let error = NotEnoughMemory(
      what: "training", bytes: 70_000_000, limit: .init(bytes: 50_000_000, source: "the machine"))
    #expect(
      error.description == "training needs about 70 MB of memory, but the machine has 50 MB left")
    #expect(error.exitCode.rawValue == 71)
  }
}
