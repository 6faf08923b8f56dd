import CKernels

/// Outer products of rows transformed by Winograd's minimal filtering.
///
/// The transpose of the output slot with respect to the filter: six rows of the image and six made of four rows of the
/// output's gradient give six rows of products, which become three rows of the filter's gradient.
struct WinogradOuterProducts: ConvolutionAlgorithm {
  static let family = WinogradRows.family
  static let slots = [ConvolutionSlot.filter]
  static let when =
    "As for minimal filtering above, of images 4, 8 or at least 16 pixels wide, of at least \(OuterProducts.channels) channels: outer "
    + "products of transformed rows, half as many as of the rows."

  /// Floats of filters up to which each unit adds to its own, over all planes and channels.
  private static let ownFilterCount = 1 << 17
  /// Floats of transformed rows that stay in the second-level cache.
  private static let bandCount = 1 << 17

  let problem: ConvolutionProblem

  static func fits(_ problem: ConvolutionProblem) -> Bool {
    let shape = problem.shape
    return WinogradRows.isMinimal(shape) && (shape.width == 4 || shape.width == 8 || shape.width >= 16)
      && shape.inputs >= OuterProducts.channels
  }

  func kernel() -> Kernel {
    shape.width >= 16 && partials(start: 0).count <= Self.ownFilterCount ? bands() : planes()
  }

  private var area: Int { shape.height * shape.width }
  private var vectors: Int { ceilDivide(shape.inputs, 16) }
  /// Groups of four rows in an image.
  private var groups: Int { shape.height / 4 }
  /// Floats of a row with a border of one pixel and the channel last.
  private var lastRow: Int { (shape.width + 2) * 16 }

  private func partials(start: Int) -> FilterPartials {
    FilterPartials(
      planes: shape.outputs, channels: shape.inputs, parts: 6, taps: (1, 3), batch: shape.batch, height: groups,
      width: shape.width, start: start)
  }

  /// Large images and small filters: each unit transforms some rows at a time and adds their products to filters of its own.
  private func bands() -> Kernel {
    let (width, area, vectors, groups, lastRow) = (shape.width, area, vectors, groups, lastRow)
    let planes = shape.outputs, partials = partials(start: 0)
    let chunk = max(1, min(groups, Self.bandCount / (6 * (vectors * lastRow + planes * width))))
    let rowsCount = (4 * chunk + 2) * lastRow, lastCount = 6 * chunk * lastRow
    let total = shape.batch * groups, units = min(total, Kernel.someUnits)
    let products = Kernel.Pass(units: units) { unit, memory in
      let rows = memory.scratch, last = rows + rowsCount, plain = last + vectors * lastCount
      let all = part(unit, of: units, total)
      var first = all.lowerBound
      while first < all.upperBound {
        let (image, group) = first.quotientAndRemainder(dividingBy: groups)
        let count = min(chunk, groups - group, all.upperBound - first)
        for vector in 0..<vectors {
          interleaveRows(image: image, group: group, count: count, vector: vector, memory.inputs[0], to: rows)
          functions.pointee.winograd_rows(
            false, rows, fk_groups(group: 4 * lastRow, row: lastRow), count, lastRow, last + vector * lastCount,
            fk_groups(group: 6 * lastRow, row: lastRow))
        }
        for plane in 0..<planes {
          functions.pointee.winograd_rows(
            true, memory.inputs[1] + (image * planes + plane) * area + 4 * group * width, fk_groups(group: 4 * width, row: width),
            count, width, plain + plane * 6 * chunk * width, fk_groups(group: 6 * width, row: width))
        }
        for vector in 0..<vectors {
          for k in 0..<6 {
            var side = fk_images(at: plain + k * width, image: 0, plane: 6 * chunk * width, row: 6 * width, count: planes)
            var other = fk_images(at: last + vector * lastCount + k * lastRow, image: 0, plane: 0, row: 6 * lastRow, count: 1)
            var rows = fk_rows(height: count, width: width, first: 0, end: count)
            functions.pointee.outer(
              &side, &other, &rows, 1, 3, first > all.lowerBound,
              memory.shared + unit * partials.count + (vector * 6 + k) * planes * 48)
          }
        }
        first += count
      }
    }
    return Kernel(
      family: Self.family, passes: [products, partials.finishing(units, finish)], sharedCount: units * partials.count,
      scratchCount: max(rowsCount + vectors * lastCount + planes * 6 * chunk * width, planes * 144), flops: shape.flops)
  }

  /// Writes the rows that some groups read of 16 channels, with their border and the channel last.
  private func interleaveRows(
    image: Int, group: Int, count: Int, vector: Int, _ from: UnsafePointer<Float>, to: UnsafeMutablePointer<Float>
  ) {
    let height = shape.height, channels = shape.inputs, lastRow = lastRow, reflects = shape.border == .reflect
    let wanted = 4 * group - 1..<4 * (group + count) + 1, rows = wanted.clamped(to: 0..<height)
    var planes = fk_planes(
      at: from + (image * channels + vector * 16) * area + rows.lowerBound * shape.width, plane: area,
      count: min(16, channels - vector * 16))
    var border = fk_border(y: 0, x: 1, kind: reflects ? 1 : 0)
    functions.pointee.interleave(
      &planes, fk_extent(height: rows.count, width: shape.width), &border, to + (rows.lowerBound - wanted.lowerBound) * lastRow)
    func mirror(_ row: Int, _ from: Int) {
      let at = to + (row - wanted.lowerBound) * lastRow
      if reflects {
        at.update(from: to + (from - wanted.lowerBound) * lastRow, count: lastRow)
      } else {
        at.update(repeating: 0, count: lastRow)
      }
    }
    if wanted.lowerBound < 0 { mirror(-1, 1) }
    if wanted.upperBound > height { mirror(height, height - 2) }
  }

  /// Small images and large filters: everything is transformed first, and each unit makes a part of the filter.
  private func planes() -> Kernel {
    let (width, area, vectors, groups, lastRow) = (shape.width, area, vectors, groups, lastRow)
    let planes = shape.outputs, channels = shape.inputs
    // In shared memory: transformed rows of the image with the channel last, and of the output.
    let lastPlane = 6 * groups * lastRow, lastCount = shape.batch * vectors * lastPlane
    let plainPlane = 6 * groups * width
    let transforming = Kernel.Pass(units: shape.batch * vectors) { unit, memory in
      let image = unit / vectors, first = unit % vectors * 16
      var from = fk_planes(
        at: memory.inputs[0] + (image * channels + first) * area, plane: area, count: min(16, channels - first))
      var border = fk_border(y: 1, x: 1, kind: shape.border == .reflect ? 1 : 0)
      functions.pointee.interleave(&from, fk_extent(height: shape.height, width: width), &border, memory.scratch)
      functions.pointee.winograd_rows(
        false, memory.scratch, fk_groups(group: 4 * lastRow, row: lastRow), groups, lastRow, memory.shared + unit * lastPlane,
        fk_groups(group: 6 * lastRow, row: lastRow))
      for plane in part(unit % vectors, of: vectors, planes) {
        functions.pointee.winograd_rows(
          true, memory.inputs[1] + (image * planes + plane) * area, fk_groups(group: 4 * width, row: width), groups, width,
          memory.shared + lastCount + (image * planes + plane) * plainPlane, fk_groups(group: 6 * width, row: width))
      }
    }
    let partials = partials(start: lastCount + shape.batch * planes * plainPlane)
    let passes = partials.passes(
      functions,
      { vector, k, range, memory in
        (
          fk_images(
            at: memory.shared + lastCount + range.lowerBound * plainPlane + k * width, image: planes * plainPlane,
            plane: plainPlane, row: 6 * width, count: range.count),
          fk_images(
            at: memory.shared + vector * lastPlane + k * lastRow, image: vectors * lastPlane, plane: 0, row: 6 * lastRow, count: 1)
        )
      }, finish)
    return Kernel(
      family: Self.family, passes: [transforming] + passes, sharedCount: partials.sharedCount,
      scratchCount: max((shape.height + 2) * lastRow, partials.scratchCount(own: 144)), flops: shape.flops)
  }

  /// Turns the sums of some planes into their filters; `scratch` has space for those.
  @Sendable private func finish(
    _ partials: fk_partials, part: Int, vector: Int, _ range: Range<Int>, _ scratch: UnsafeMutablePointer<Float>,
    _ memory: KernelMemory
  ) {
    let channels = shape.inputs, start = (range.lowerBound * channels + vector * 16) * 9
    var transformed = partials, sums = fk_partials(at: scratch, stride: 0, count: 1)
    var gradient = fk_gradient(to: memory.outputs[0] + start, add: addend(memory, at: start), plane: channels * 9, channel: 9)
    functions.pointee.winograd_filter_gradient(&transformed, part, range.count, scratch)
    functions.pointee.separate(&sums, range.count, 9, false, min(16, channels - vector * 16), &gradient)
  }
}
