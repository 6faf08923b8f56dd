import Basics

/// The content of a column in a row.
package enum Cell: Equatable, Sendable {
  case empty
  case number(Double)
  case text(String)

  /// A setting of a spec: a number where it is spelled as one.
  package init(setting text: String) {
    var copy = text
    let number = copy.withUTF8 { bytes in
      bytes.allSatisfy { Self.isOfNumbers($0) } ? DecimalText.number(bytes) : nil
    }
    self = number.map { $0.isFinite ? .number($0) : .text(text) } ?? (text.isEmpty ? .empty : .text(text))
  }

  /// A number, or nothing.
  package init(_ number: Double?) { self = number.map(Cell.number) ?? .empty }

  /// Whether the byte can be one of a number's in decimal: no letters but those of exponents.
  private static func isOfNumbers(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "e"),
      UInt8(ascii: "E"):
      true
    default: false
    }
  }
}

extension Cell {
  /// Whether a sorted column has this cell before `other`: numbers by size, then texts, then `nan`, then what is empty.
  /// - Parameter isDescending: whether numbers and texts come the other way round; what is no number stays last.
  func isBefore(_ other: Cell, isDescending: Bool) -> Bool {
    guard rank == other.rank else {
      let isOfText = rank < 2 && other.rank < 2
      return isOfText && isDescending ? rank > other.rank : rank < other.rank
    }
    switch (self, other) {
    case (.number(let a), .number(let b)): return isDescending ? a > b : a < b
    case (.text(let a), .text(let b)):
      let (first, second) = isDescending ? (b, a) : (a, b)
      return first.utf8.lexicographicallyPrecedes(second.utf8)
    default: return false
    }
  }

  private var rank: Int {
    switch self {
    case .number(let value): value.isNaN ? 2 : 0
    case .text: 1
    case .empty: 3
    }
  }
}
