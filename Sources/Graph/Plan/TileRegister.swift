/// Where a tile program keeps a value: a row of numbers, one per pixel of the tile, or a single number.
enum TileRegister: Hashable {
  case row(UInt8)
  case scalar(UInt8)

  var number: UInt8 {
    switch self {
    case .row(let number), .scalar(let number): number
    }
  }

  var isRow: Bool { if case .row = self { true } else { false } }
}

/// Registers given out in order, and given back all at once.
struct TileRegisters {
  /// The most that were ever in use.
  private(set) var count = 0
  private var used = 0

  mutating func take() -> UInt8 {
    defer { used += 1 }
    precondition(used < 256, "a tile program needs more than 256 registers")
    count = max(count, used + 1)
    return UInt8(used)
  }

  /// Gives back what was taken since `earlier`.
  mutating func release(to earlier: TileRegisters) { used = earlier.used }
}
