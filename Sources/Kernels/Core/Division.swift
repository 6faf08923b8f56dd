/// `a / b`, rounded up.
func ceilDivide(_ a: Int, _ b: Int) -> Int { (a + b - 1) / b }

/// The `index`-th of `parts` consecutive, nearly equal ranges of 0..<count.
func part(_ index: Int, of parts: Int, _ count: Int) -> Range<Int> { count * index / parts..<count * (index + 1) / parts }

extension Kernel {
  /// Units that keep a few lanes busy.
  static let someUnits = 16
}
