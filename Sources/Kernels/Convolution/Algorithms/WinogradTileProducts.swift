import CKernels

/// Outer products of tiles: the transpose of ``WinogradTiles`` with respect to the filter, whose gradient is transformed back once, from
/// the sums over all tiles.
struct WinogradTileProducts: ConvolutionAlgorithm {
  static let family = WinogradTiles.family
  static let slots = [ConvolutionSlot.filter]
  static let when = "As for minimal filtering of tiles above: outer products of tiles."

  /// Bytes of the sums of all filters up to which each unit has its own, and units at most.
  private static let (ownBytes, units) = (800 << 10, 8)
  /// Bytes of a band's tiles beside such sums.
  private static let bandBytes = 512 << 10

  let problem: ConvolutionProblem

  static func fits(_ problem: ConvolutionProblem) -> Bool { WinogradTiles.fits(problem) }

  private var image: TileReads { TileReads(problem, isGradient: false) }
  private var output: TileReads { TileReads(problem, isGradient: true) }
  /// Planes and channels of the sums, multiples of 16.
  private var planes: Int { 16 * output.vectors }
  private var channels: Int { 16 * image.vectors }
  private var rows: Int { shape.height / 4 }
  private var columns: Int { shape.width / 4 }

  func kernel() -> Kernel { 144 * planes * channels <= Self.ownBytes ? bands() : groups() }

  /// Reads some rows of tiles of an image on both sides.
  private func read(
    _ memory: KernelMemory, image number: Int, first: Int, rows: Int, _ v: fk_tiles, _ z: fk_tiles,
    scratch: UnsafeMutablePointer<Float>
  ) {
    for (reads, tiles, input) in [(image, v, 0), (output, z, 1)] {
      for vector in 0..<reads.vectors {
        reads.read(
          memory.inputs[input], image: number, vector: vector, first: first, rows: rows, to: tiles.at + vector * tiles.vector,
          part: tiles.part, scratch: scratch)
      }
    }
  }

  /// Small filters: each unit adds up the products of some bands in sums of its own.
  private func bands() -> Kernel {
    let (shape, rows, columns, planes, channels) = (shape, rows, columns, planes, channels)
    let fitting = max(1, Self.bandBytes / (144 * (planes + channels) * columns)), count = ceilDivide(rows, min(rows, fitting))
    let most = ceilDivide(rows, count), total = shape.batch * count, units = min(total, Self.units)
    let v = TileLayout(tiles: most * columns, vectors: image.vectors),
      z = TileLayout(tiles: most * columns, vectors: output.vectors)
    let sumsPart = planes * channels + 16, sumsCount = 36 * sumsPart
    let multiplying = Kernel.Pass(units: units) { unit, memory in
      let sums = memory.shared + unit * sumsCount, rowsScratch = memory.scratch + v.count + z.count
      let bands = part(unit, of: units, total)
      for index in bands {
        let band = part(index % count, of: count, rows)
        var (v, z) = (v.at(memory.scratch), z.at(memory.scratch + v.count))
        read(memory, image: index / count, first: band.lowerBound, rows: band.count, v, z, scratch: rowsScratch)
        functions.pointee.tiles_outer(
          &z, planes, &v, channels, band.count * columns, index > bands.lowerBound, sums, sumsPart)
      }
    }
    let shares = min(shape.outputs, 16)
    let finishing = Kernel.Pass(units: shares) { unit, memory in
      let range = part(unit, of: shares, shape.outputs)
      finish(memory, range, memory.shared + range.lowerBound * channels, sumsPart, stride: sumsCount, count: units)
    }
    return Kernel(
      family: Self.family, passes: [multiplying, finishing], sharedCount: units * sumsCount,
      scratchCount: v.count + z.count + image.scratchCount(rows: most), flops: shape.flops)
  }

  /// Large filters: all tiles first, then each unit adds up the products of 16 planes.
  private func groups() -> Kernel {
    let (shape, rows, columns, channels) = (shape, rows, columns, channels)
    let perImage = rows * columns
    let v = TileLayout(tiles: shape.batch * perImage, vectors: image.vectors)
    let z = TileLayout(tiles: shape.batch * perImage, vectors: output.vectors)
    let vectors = image.vectors + output.vectors
    let reading = Kernel.Pass(units: shape.batch * vectors) { unit, memory in
      let (number, index) = unit.quotientAndRemainder(dividingBy: vectors), isOutput = index >= image.vectors
      let (reads, layout) = isOutput ? (output, z) : (image, v), vector = isOutput ? index - image.vectors : index
      reads.read(
        memory.inputs[isOutput ? 1 : 0], image: number, vector: vector, first: 0, rows: rows,
        to: memory.shared + (isOutput ? v.count : 0) + vector * layout.vector + number * perImage * 16, part: layout.part,
        scratch: memory.scratch)
    }
    let sumsPart = 16 * channels + 16
    let multiplying = Kernel.Pass(units: output.vectors) { unit, memory in
      var (v, z) = (v.at(memory.shared), z.at(memory.shared + v.count + unit * z.vector))
      functions.pointee.tiles_outer(&z, 16, &v, channels, shape.batch * perImage, false, memory.scratch, sumsPart)
      finish(memory, 16 * unit..<min(16 * (unit + 1), shape.outputs), memory.scratch, sumsPart, stride: 0, count: 1)
    }
    return Kernel(
      family: Self.family, passes: [reading, multiplying], sharedCount: v.count + z.count,
      scratchCount: max(image.scratchCount(rows: rows), 36 * sumsPart), flops: shape.flops)
  }

  /// Turns the sums of some planes into the gradients of their filters.
  @Sendable private func finish(
    _ memory: KernelMemory, _ range: Range<Int>, _ sums: UnsafePointer<Float>, _ part: Int, stride: Int, count: Int
  ) {
    for plane in range {
      for vector in 0..<image.vectors {
        let start = (plane * shape.inputs + vector * 16) * 9
        var partials = fk_partials(at: sums + (plane - range.lowerBound) * channels + vector * 16, stride: stride, count: count)
        var gradient = fk_gradient(to: memory.outputs[0] + start, add: addend(memory, at: start), plane: 0, channel: 9)
        functions.pointee.tiles_filter_gradient(&partials, part, min(16, shape.inputs - vector * 16), &gradient)
      }
    }
  }
}
