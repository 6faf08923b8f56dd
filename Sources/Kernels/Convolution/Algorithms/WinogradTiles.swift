import CKernels

/// Winograd's minimal filtering along both axes: tiles of 4x4 pixels from 36 products instead of 144.
///
/// The image slot is the transpose of the output slot: tiles of 6x6 pixels, which overlap and are added up from band to band.
struct WinogradTiles: ConvolutionAlgorithm {
  static let family = "convolution.tiles"
  static let slots = [ConvolutionSlot.output, .image]
  static let when =
    "The filter is 3x3 with a border of 1, nothing is upsampled, both sides of the image are multiples of 4, and both sides have at "
    + "least \(leastChannels) channels, \(bothChannels) together: minimal filtering of tiles needs a quarter of the products."

  /// Channels of either side, and of both together, from which the transforms cost less than they save.
  private static let (leastChannels, bothChannels) = (16, 48)
  /// Bytes of a band's tiles and products that stay in the second-level cache.
  static let bandBytes = 800 << 10
  /// Channels of filters that a unit transforms.
  private static let filterChannels = 32

  let problem: ConvolutionProblem

  static func fits(_ problem: ConvolutionProblem) -> Bool {
    let shape = problem.shape
    return WinogradRows.isMinimal(shape) && shape.width % 4 == 0 && min(shape.inputs, shape.outputs) >= leastChannels
      && shape.inputs + shape.outputs >= bothChannels
  }

  private var reads: TileReads { TileReads(problem, isGradient: problem.isGradient) }
  /// Vectors of 16 planes that are made at a time, and how many times.
  private var vectors: Int {
    let all = ceilDivide(problem.planes, 16), most = functions.pointee.tile_vectors
    return all % most == 0 ? most : 1
  }
  private var blocks: Int { ceilDivide(problem.planes, 16 * vectors) }
  /// Rows of tiles of an image, and tiles of a row.
  private var rows: Int { shape.height / 4 }
  private var columns: Int { shape.width / 4 }

  func kernel() -> Kernel {
    // Where there are fewer tiles than filters, these are transformed where they are used: otherwise they would pass through memory twice.
    shape.batch * rows * columns <= problem.planes ? small() : bands()
  }

  /// Floats of the transformed filters of a block, and from one of the 36 parts to the next.
  private var filterPart: Int { problem.channels * 16 * vectors + 16 }

  /// Transforms the filters of some channels of a block.
  private func transform(
    _ memory: KernelMemory, block: Int, channels: Range<Int>, to: UnsafeMutablePointer<Float>
  ) {
    let planes = block * 16 * vectors..<min((block + 1) * 16 * vectors, problem.planes)
    var filter = problem.filters(memory, of: planes, channel: channels.lowerBound)
    functions.pointee.tiles_filter(&filter, channels.count, vectors, to + channels.lowerBound * 16 * vectors, filterPart)
  }

  /// Large images: bands of rows of tiles, all planes of which are finished at once.
  private func bands() -> Kernel {
    let (problem, shape, reads, isGradient) = (problem, shape, reads, problem.isGradient)
    let (vectors, blocks, filterPart, columns) = (vectors, blocks, filterPart, columns)
    let (planes, channels, area, width) = (problem.planes, problem.channels, shape.height * shape.width, shape.width)
    let starts = bandRows()
    let most = starts.map(\.count).max()!, layout = TileLayout(tiles: most * columns, vectors: reads.vectors)
    let productPart = most * columns * 16 * vectors + 16
    let row = (width + 2) * 16, keptCount = isGradient ? ceilDivide(planes, 16) * 3 * row : 0
    let rowsCount = max(reads.scratchCount(rows: most), (4 * most + 3) * row)
    let ownCount = layout.count + 36 * productPart + rowsCount + keptCount
    let resultPlane = (4 * most + 2) * width + 16
    let extents = (0..<shape.batch).flatMap { image in starts.map { (image: image, pixels: pixels($0)) } }

    @Sendable func piece(_ index: Int, _ memory: KernelMemory, inScratch: Bool) {
      let (image, band) = (index / starts.count, starts[index % starts.count])
      var tiles = layout.at(memory.scratch)
      let products = memory.scratch + layout.count, rows = products + 36 * productPart, kept = rows + rowsCount
      for vector in 0..<reads.vectors {
        reads.read(
          memory.inputs[problem.source], image: image, vector: vector, first: band.lowerBound, rows: band.count,
          to: tiles.at + vector * layout.vector, part: layout.part, scratch: rows)
      }
      let start = image * planes * area, plane = inScratch ? resultPlane : area
      let to = inScratch ? memory.scratch + ownCount - extents[index].pixels.lowerBound : memory.outputs[0] + start
      for block in 0..<blocks {
        functions.pointee.tiles_multiply(
          &tiles, band.count * columns, channels, memory.shared + block * 36 * filterPart, filterPart, vectors, products,
          productPart)
        for vector in 0..<vectors where (block * vectors + vector) * 16 < planes {
          let first = (block * vectors + vector) * 16
          write(
            products + vector * 16, productPart, band, to: to + first * plane, plane: plane, count: min(16, planes - first),
            add: addend(memory, at: start + first * area), rows: rows, kept: kept + first / 16 * 3 * row)
        }
      }
    }
    let local = Kernel.Pieces.Local(
      offset: ownCount, stride: resultPlane, scratchCount: ownCount + planes * resultPlane
    ) { index, _, memory in piece(index, memory, inScratch: true) }
    let pieces = Kernel.Pieces(
      // What overlaps stays with a lane until the image is done.
      extents: extents, units: isGradient ? shape.batch : min(extents.count, 2 * Kernel.someUnits),
      run: { index, _, memory in piece(index, memory, inScratch: false) }, local: problem.accumulating ? nil : local)
    let shares = ceilDivide(channels, Self.filterChannels)
    let transforming = Kernel.Pass(units: blocks * shares) { unit, memory in
      transform(
        memory, block: unit / shares, channels: part(unit % shares, of: shares, channels),
        to: memory.shared + unit / shares * 36 * filterPart)
    }
    return Kernel(
      family: Self.family, passes: [transforming], pieces: pieces, sharedCount: blocks * 36 * filterPart, scratchCount: ownCount,
      flops: shape.flops)
  }

  /// Writes 16 planes of a band of an image from its products.
  @Sendable private func write(
    _ products: UnsafePointer<Float>, _ part: Int, _ band: Range<Int>, to: UnsafeMutablePointer<Float>, plane: Int, count: Int,
    add: UnsafePointer<Float>?, rows: UnsafeMutablePointer<Float>, kept: UnsafeMutablePointer<Float>
  ) {
    if problem.isGradient {
      var to = fk_tile_planes(to: to, add: add, plane: plane, count: count)
      var place = fk_tile_band(
        height: shape.height, width: shape.width, y: 4 * band.lowerBound, rows: band.count, reflect: shape.border == .reflect)
      functions.pointee.tiles_add(products, part, 16 * vectors, &place, &to, rows, kept)
    } else {
      let first = 4 * band.lowerBound * shape.width
      var to = fk_tile_planes(to: to + first, add: add.map { $0 + first }, plane: plane, count: count)
      functions.pointee.tiles_write(
        products, part, 16 * vectors, fk_extent(height: band.count, width: shape.width), &to, rows)
    }
  }

  /// The rows of tiles of each band of an image. They are the same at each level: the image slot adds up from band to band.
  private func bandRows() -> [Range<Int>] {
    let fitting = max(1, Self.bandBytes / (144 * (problem.channels + 32) * columns))
    let wanted = problem.isGradient ? rows : ceilDivide(rows * shape.batch, Kernel.someUnits)
    let count = ceilDivide(rows, min(rows, fitting, wanted))
    return (0..<count).map { part($0, of: count, rows) }
  }

  /// The pixels that a band finishes. Of an image's gradient those rows stay back that the next band adds to, and one more, so that
  /// all but the last end at an even row.
  private func pixels(_ band: Range<Int>) -> Range<Int> {
    let behind = problem.isGradient ? 2 : 0
    let first = band.lowerBound == 0 ? 0 : 4 * band.lowerBound - behind
    let end = band.upperBound == rows ? shape.height : 4 * band.upperBound - behind
    return first * shape.width..<end * shape.width
  }

  /// Small images: all tiles first, then some planes of all images at a time.
  private func small() -> Kernel {
    let (problem, shape, reads) = (problem, shape, reads)
    let (vectors, blocks, filterPart, rows, columns) = (vectors, blocks, filterPart, rows, columns)
    let (planes, channels, area) = (problem.planes, problem.channels, shape.height * shape.width)
    let perImage = rows * columns, layout = TileLayout(tiles: shape.batch * perImage, vectors: reads.vectors)
    let reading = Kernel.Pass(units: shape.batch * reads.vectors) { unit, memory in
      let (image, vector) = unit.quotientAndRemainder(dividingBy: reads.vectors)
      reads.read(
        memory.inputs[problem.source], image: image, vector: vector, first: 0, rows: rows,
        to: memory.shared + vector * layout.vector + image * perImage * 16, part: layout.part, scratch: memory.scratch)
    }
    let productPart = layout.tiles * 16 * vectors + 16
    let rowsCount = (shape.height + 3) * (shape.width + 2) * 16
    let multiplying = Kernel.Pass(units: blocks) { block, memory in
      let filters = memory.scratch, products = filters + 36 * filterPart, rows = products + 36 * productPart
      transform(memory, block: block, channels: 0..<channels, to: filters)
      var tiles = layout.at(memory.shared)
      functions.pointee.tiles_multiply(&tiles, layout.tiles, channels, filters, filterPart, vectors, products, productPart)
      for image in 0..<shape.batch {
        for vector in 0..<vectors where (block * vectors + vector) * 16 < planes {
          let first = (block * vectors + vector) * 16, start = (image * planes + first) * area
          write(
            products + (image * perImage * vectors + vector) * 16, productPart, 0..<self.rows, to: memory.outputs[0] + start,
            plane: area, count: min(16, planes - first), add: addend(memory, at: start), rows: rows, kept: rows)
        }
      }
    }
    return Kernel(
      family: Self.family, passes: [reading, multiplying], sharedCount: layout.count,
      scratchCount: max(reads.scratchCount(rows: rows), 36 * (filterPart + productPart) + rowsCount), flops: shape.flops)
  }
}
