/// A compiled computation on flat memory: a few passes, each a number of independent units.
///
/// Units are fixed by the problem and never by the number of lanes, and what several units add up is combined in
/// unit order by a later pass; therefore the result is the same bits for any number of lanes.
package struct Kernel: Sendable {
  /// `units` pieces of work that may run in any order and at the same time. All end before the next pass begins.
  package struct Pass: Sendable {
    package let units: Int
    package let run: @Sendable (_ unit: Int, _ memory: KernelMemory) -> Void

    package init(units: Int, run: @escaping @Sendable (_ unit: Int, _ memory: KernelMemory) -> Void) {
      self.units = units
      self.run = run
    }
  }

  /// A last pass whose work is done piece by piece, each of which finishes all channels of some pixels of one image: what
  /// reads the result can then follow while it is still in the cache.
  package struct Pieces: Sendable {
    /// What each piece finishes.
    package let extents: [(image: Int, pixels: Range<Int>)]
    /// Units that the pieces are shared out to, in order.
    package let units: Int
    /// Does one piece; `isLast` says that its unit has no more.
    package let run: Run
    /// How a piece is left in the lane's scratch instead, where nothing but what follows needs it; nil if it cannot.
    package let local: Local?

    package typealias Run = @Sendable (_ piece: Int, _ isLast: Bool, _ memory: KernelMemory) -> Void

    /// Pieces that stay in scratch: each is planes of its own pixels.
    package struct Local: Sendable {
      /// Where the first plane begins, and floats from one to the next.
      package let offset: Int
      package let stride: Int
      /// Floats of scratch, those of the kernel itself included.
      package let scratchCount: Int
      package let run: Run
    }

    /// The pass that does every piece by `run` and calls `then` after each.
    func pass(
      _ run: @escaping Run, then: @escaping @Sendable (_ piece: Int, _ memory: KernelMemory) -> Void = { _, _ in }
    ) -> Pass {
      Pass(units: units) { unit, memory in
        let range = part(unit, of: units, extents.count)
        for piece in range {
          run(piece, piece + 1 == range.upperBound, memory)
          then(piece, memory)
        }
      }
    }
  }

  /// The kernel family, as `fadein bench` lists it: `convolution.rows`, `elementwise`, `adam` ...
  package let family: String
  package let passes: [Pass]
  /// How the last pass is done, where that is piece by piece.
  package let pieces: Pieces?
  /// Floats of scratch shared by all passes and units.
  package let sharedCount: Int
  /// Floats of scratch for each lane.
  package let scratchCount: Int
  /// Multiply-adds counted as 2 that the mathematical definition asks for (0 where that is not the bottleneck).
  package let flops: Double

  /// A kernel of `passes`, and of `pieces` as its last pass if there are any.
  package init(
    family: String, passes: [Pass] = [], pieces: Pieces? = nil, sharedCount: Int = 0, scratchCount: Int = 0, flops: Double = 0
  ) {
    self.family = family
    self.passes = passes + (pieces.map { [$0.pass($0.run)] } ?? [])
    self.pieces = pieces
    self.sharedCount = sharedCount
    self.scratchCount = scratchCount
    self.flops = flops
  }

  /// A kernel of one pass.
  init(family: String, units: Int, run: @escaping @Sendable (_ unit: Int, _ memory: KernelMemory) -> Void) {
    self.init(family: family, passes: [Pass(units: units, run: run)])
  }
}
