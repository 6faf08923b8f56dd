import CKernels

/// How a filter's gradient is added up by outer products: values of some planes, times 16 channels of the other side.
///
/// A unit makes `parts` sums [planes][taps][16] for some planes and some vectors of 16 channels. Where that is too few units, the
/// rows of the batch are divided as well: the sums of each division go to shared memory, [splits][vectors][parts][planes][taps][16],
/// and another pass adds them up in their order. Otherwise each unit finishes its own in the lane's scratch.
struct FilterPartials: Sendable {
  /// Pixels that a unit works on at a time, so that they stay in the second-level cache.
  private static let pixels = 1024

  let planes: Int
  let vectors: Int
  let parts: Int
  let taps: (y: Int, x: Int)
  /// Rows of the batch, those of an image, and their pixels.
  let (rows, height, width): (Int, Int, Int)
  /// Where the partial sums begin in shared memory.
  let start: Int
  private let (groups, vectorGroups, splits): (Int, Int, Int)

  /// What the sums of a part for some planes and a vector of channels are made of: both sides at the first of their rows.
  typealias Operands =
    @Sendable (_ vector: Int, _ part: Int, _ planes: Range<Int>, _ memory: KernelMemory) -> (plain: fk_images, last: fk_images)
  /// Turns partial sums, whose parts are `part` floats apart, into a piece of the result.
  typealias Finish =
    @Sendable (
      _ partials: fk_partials, _ part: Int, _ vector: Int, _ planes: Range<Int>, _ scratch: UnsafeMutablePointer<Float>,
      _ memory: KernelMemory
    ) -> Void

  /// - Parameter dividing: which is divided among the units first, the planes or the vectors.
  init(
    planes: Int, channels: Int, parts: Int = 1, taps: (y: Int, x: Int), batch: Int, height: Int, width: Int, start: Int,
    dividing: Dividing = .planes
  ) {
    self.planes = planes
    vectors = ceilDivide(channels, 16)
    self.parts = parts
    self.taps = taps
    rows = batch * height
    self.height = height
    self.width = width
    self.start = start
    let units = Kernel.someUnits
    groups = min(ceilDivide(planes, 8), dividing == .planes ? units : ceilDivide(units, vectors))
    vectorGroups = dividing == .planes ? min(vectors, ceilDivide(units, groups)) : vectors
    splits = min(rows, ceilDivide(units, groups * vectorGroups))
  }

  enum Dividing { case planes, vectors }

  /// Floats of a plane's sums.
  private var tile: Int { taps.y * taps.x * 16 }
  /// Floats of all sums.
  var count: Int { vectors * parts * planes * tile }
  var sharedCount: Int { start + (splits > 1 ? splits * count : 0) }
  /// Floats of scratch if finishing some planes takes `own` for each.
  func scratchCount(own: Int = 0) -> Int {
    splits > 1 ? planes * own : ceilDivide(planes, groups) * (parts * tile + own)
  }

  /// The passes that make the sums and finish them.
  func passes(_ functions: UnsafePointer<fk_convolution_functions>, _ operands: @escaping Operands, _ finish: @escaping Finish)
    -> [Kernel.Pass]
  {
    nonisolated(unsafe) let functions = functions
    let chunk = max(1, Self.pixels / width)
    let products = Kernel.Pass(units: splits * vectorGroups * groups) { unit, memory in
      let split = unit / (vectorGroups * groups), all = part(split, of: splits, rows)
      let range = part(unit % groups, of: groups, planes)
      for vector in part(unit / groups % vectorGroups, of: vectorGroups, vectors) {
        let partCount = (splits == 1 ? range.count : planes) * tile
        let to =
          splits == 1
          ? memory.scratch
          : memory.shared + start + split * count + (vector * parts * planes + range.lowerBound) * tile
        for index in 0..<parts {
          var (plain, last) = operands(vector, index, range, memory)
          for first in stride(from: all.lowerBound, to: all.upperBound, by: chunk) {
            var rows = fk_rows(height: height, width: width, first: first, end: min(first + chunk, all.upperBound))
            functions.pointee.outer(&plain, &last, &rows, taps.y, taps.x, first > all.lowerBound, to + index * partCount)
          }
        }
        if splits == 1 {
          let partials = fk_partials(at: to, stride: 0, count: 1)
          finish(partials, partCount, vector, range, to + parts * partCount, memory)
        }
      }
    }
    return splits == 1 ? [products] : [products, finishing(splits, finish)]
  }

  /// The pass that adds `count` sums in shared memory up and finishes them.
  func finishing(_ splits: Int, _ finish: @escaping Finish) -> Kernel.Pass {
    let shares = min(planes, max(1, ceilDivide(8, vectors)))
    return Kernel.Pass(units: vectors * shares) { unit, memory in
      let vector = unit / shares, range = part(unit % shares, of: shares, planes)
      let from = memory.shared + start + (vector * parts * planes + range.lowerBound) * tile
      finish(fk_partials(at: from, stride: count, count: splits), planes * tile, vector, range, memory.scratch, memory)
    }
  }
}

extension ConvolutionAlgorithm {
  /// The pass that adds up `count` partial filters in shared memory.
  func combination(of count: Int) -> Kernel.Pass {
    let filterCount = shape.filterCount, units = min(8, ceilDivide(filterCount, 4096))
    return Kernel.Pass(units: units) { unit, memory in
      let range = part(unit, of: units, filterCount)
      var partials = fk_partials(at: memory.shared + range.lowerBound, stride: filterCount, count: count)
      functions.pointee.combine(
        &partials, range.count, addend(memory, at: range.lowerBound), memory.outputs[0] + range.lowerBound)
    }
  }
}
