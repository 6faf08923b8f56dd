/// The most memory that some work takes, computed without allocating any.
package struct MemoryNeed: Equatable, Sendable {
  /// Bytes, as the machine counts them.
  package private(set) var bytes: Int
  /// Addresses that are reserved beside them.
  package private(set) var reserved: Int

  /// Blocks from this size on are aligned to it.
  package static let hugePage = 1 << 21
  /// What the program itself takes, and small things.
  package static let program = MemoryNeed(bytes: 48_000_000)

  package init(bytes: Int = 0, reserved: Int = 0) {
    self.bytes = bytes
    self.reserved = reserved
  }

  /// A block of `count` floats.
  package init(floats count: Int) {
    let isLarge = Self.product(count, 4) >= Self.hugePage
    let pages =
      isLarge
      ? Self.sum(Self.product(count, 4), Self.hugePage - 1) / Self.hugePage * Self.hugePage
      : 4 * count
    self.init(bytes: pages, reserved: isLarge ? Self.hugePage : 0)
  }

  /// Both at the same time.
  package static func + (a: MemoryNeed, b: MemoryNeed) -> MemoryNeed {
    MemoryNeed(bytes: sum(a.bytes, b.bytes), reserved: sum(a.reserved, b.reserved))
  }

  package static func += (a: inout MemoryNeed, b: MemoryNeed) { a = a + b }

  /// The one or the other, whichever takes more.
  package static func max(_ a: MemoryNeed, _ b: MemoryNeed) -> MemoryNeed {
    a.bytes >= b.bytes ? a : b
  }

  /// The same `count` times.
  package static func * (count: Int, need: MemoryNeed) -> MemoryNeed {
    MemoryNeed(bytes: product(need.bytes, count), reserved: product(need.reserved, count))
  }

  /// Sums and products that stay at the largest number instead of overflowing.
  package static func sum(_ a: Int, _ b: Int) -> Int {
    let (sum, isOverflow) = a.addingReportingOverflow(b)
    return isOverflow ? .max : sum
  }
  package static func product(_ factors: Int...) -> Int {
    factors.reduce(1) { result, factor in
      let (product, isOverflow) = result.multipliedReportingOverflow(by: factor)
      return isOverflow ? .max : product
    }
  }

  /// Throws ``NotEnoughMemory`` where `available` does not hold this.
  package func require(for what: String, from available: AvailableMemory = .now)
    throws(NotEnoughMemory)
  {
    if let limit = available.touched, bytes > limit.bytes {
      throw NotEnoughMemory(what: what, bytes: bytes, limit: limit)
    }
    let all = Self.sum(bytes, reserved)
    if let limit = available.reserved, all > limit.bytes {
      throw NotEnoughMemory(what: what, bytes: all, limit: limit)
    }
  }
}

/// Work needs more memory than there is.
package struct NotEnoughMemory: UserFacingError, Equatable {
  /// The work, as in `training 'mel-icon'`.
  package let what: String
  package let bytes: Int
  package let limit: AvailableMemory.Limit

  package init(what: String, bytes: Int, limit: AvailableMemory.Limit) {
    self.what = what
    self.bytes = bytes
    self.limit = limit
  }

  package var exitCode: ExitCode { .systemLimit }
  package var description: String {
    "\(what) needs about \(Self.text(bytes)) of memory, but \(limit.source) has \(Self.text(limit.bytes)) left"
  }

  /// As in `1234 MB`.
  package static func text(_ bytes: Int) -> String { "\(bytes / 1_000_000) MB" }
}
