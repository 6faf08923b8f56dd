import CKernels

/// The filter slot behind an upsampling: the gradients of the four phases' 2x2 filters, see ``ConvolutionPlan/phases()``,
/// from the small image and the output's pixels of each parity; then the transpose of folding the filter.
extension ConvolutionPlan {
  /// Vectors over the channels of the image.
  func phaseOuterProducts() -> Kernel {
    let functions = functions, shape = shape
    let (height, width, planes, channels) = (shape.height, shape.width, shape.outputs, shape.inputs)
    let area = height * width, vectors = ceilDivide(channels, 16)
    let lastRow = (width + 2) * 16, lastPlane = (height + 2) * lastRow
    let splitStart = shape.batch * vectors * lastPlane
    let phaseCount = planes * area
    let border: Int32 = shape.border == .reflect ? 2 : 0
    let copying = Kernel.Pass(units: shape.batch * vectors) { unit, memory in
      let image = unit / vectors, first = unit % vectors * 16
      functions.interleave(
        memory.inputs[0] + (image * channels + first) * area, area, Int32(min(16, channels - first)), Int32(height), Int32(width),
        1, 1,
        border, memory.shared + unit * lastPlane)
      let range = part(unit % vectors, of: vectors, planes)
      functions.split(
        memory.inputs[1] + (image * planes + range.lowerBound) * 4 * area, Int32(range.count), Int32(height), Int32(width),
        phaseCount,
        memory.shared + splitStart + image * 4 * phaseCount + range.lowerBound * area)
    }

    let rows = shape.batch * height
    let groups = min(ceilDivide(planes, 8), ceilDivide(Self.outerUnits, vectors))
    let splits = min(rows, ceilDivide(Self.outerUnits, vectors * groups))
    let chunk = max(1, Self.outerPixels / width)
    let phasePartial = vectors * planes * 64, partialCount = 4 * phasePartial
    let gradientStart = splitStart + shape.batch * 4 * phaseCount, filters = planes * channels
    let partialsStart = gradientStart + 16 * filters

    @Sendable func separate(_ from: UnsafePointer<Float>, _ range: Range<Int>, vector: Int, phase: Int, _ memory: KernelMemory) {
      functions.separate(
        from, partialCount, Int32(splits), Int32(range.count), 4, 0, Int32(min(16, channels - vector * 16)), channels * 4, 4, nil,
        memory.shared + gradientStart + (phase * filters + range.lowerBound * channels + vector * 16) * 4)
    }

    let products = Kernel.Pass(units: splits * vectors * groups) { unit, memory in
      let split = unit / (vectors * groups), vector = unit / groups % vectors
      let range = part(unit % groups, of: groups, planes), all = part(split, of: splits, rows)
      for phase in 0..<4 {
        let to =
          splits == 1
          ? memory.scratch
          : memory.shared + partialsStart + split * partialCount + phase * phasePartial + (vector * planes + range.lowerBound) * 64
        for first in stride(from: all.lowerBound, to: all.upperBound, by: chunk) {
          functions.outer(
            memory.shared + splitStart + phase * phaseCount + range.lowerBound * area, 4 * phaseCount, area, width,
            Int32(range.count),
            memory.shared + vector * lastPlane + phase / 2 * lastRow + phase % 2 * 16, vectors * lastPlane, lastRow, Int32(height),
            Int32(width), Int32(first), Int32(min(first + chunk, all.upperBound)), 2, 2, first == all.lowerBound ? 0 : 1, to)
        }
        if splits == 1 { separate(to, range, vector: vector, phase: phase, memory) }
      }
    }
    var passes = [copying, products]
    if splits > 1 {
      passes.append(
        Kernel.Pass(units: 4 * vectors) { unit, memory in
          let vector = unit / 4, phase = unit % 4
          separate(
            memory.shared + partialsStart + phase * phasePartial + vector * planes * 64, 0..<planes, vector: vector, phase: phase,
            memory)
        })
    }
    passes.append(unfolding(from: gradientStart))
    return Kernel(
      family: "convolution.outer", passes: passes, sharedCount: partialsStart + (splits > 1 ? splits * partialCount : 0),
      scratchCount: splits == 1 ? ceilDivide(planes, groups) * 64 : 0, flops: shape.flops)
  }

  /// Vectors along the rows of wide images.
  func phaseRowProducts() -> Kernel {
    let functions = functions, shape = shape
    let reads = ConvolutionTaps.neighbours(shape)
    let (height, width, planes, channels) = (shape.height, shape.width, shape.outputs, shape.inputs)
    let bands = stride(from: 0, to: height, by: Self.productRows).map { first in
      let expansion = ConvolutionExpansion(reads, rows: first..<min(first + Self.productRows, height), piece: 16)
      return (expansion, Self.phaseTaps.map { expansion.rowTable(taps: $0) })
    }
    let chunk = max(1, Self.productPixels / width)
    let total = shape.batch * bands.count, units = min(total, Self.productUnits)
    let phaseSums = planes * channels * 4, sumsCount = 4 * phaseSums * 16
    let splitCount = 4 * planes * Self.productRows * width
    let partials = Kernel.Pass(units: units) { unit, memory in
      let sums = memory.scratch, phases = sums + sumsCount, prepared = phases + splitCount
      let range = part(unit, of: units, total)
      for index in range {
        let image = index / bands.count, (expansion, tables) = bands[index % bands.count]
        let rows = expansion.targetRows, phaseCount = planes * rows.count * width
        functions.expand(
          expansion.table, memory.inputs[0] + image * channels * height * width, Int32(channels), expansion.planeCount, prepared)
        for plane in 0..<planes {
          functions.split(
            memory.inputs[1] + ((image * planes + plane) * height + rows.lowerBound) * 4 * width, 1, Int32(rows.count),
            Int32(width),
            phaseCount, phases + plane * rows.count * width)
        }
        for phase in 0..<4 {
          for first in stride(from: 0, to: rows.count, by: chunk) {
            functions.dot_rows(
              phases + phase * phaseCount + first * width, rows.count * width, Int32(planes), prepared, expansion.planeCount,
              Int32(channels), tables[phase].reads + first, Int32(rows.count), 4, Int32(min(chunk, rows.count - first)),
              Int32(width),
              index == range.lowerBound && first == 0 ? 0 : 1, sums + phase * phaseSums * 16)
          }
        }
      }
      functions.total(sums, Int32(4 * phaseSums), memory.shared + (unit + 1) * 4 * phaseSums)
    }
    let combining = Kernel.Pass(units: 1) { _, memory in
      functions.combine(memory.shared + 4 * phaseSums, 4 * phaseSums, Int32(units), Int32(4 * phaseSums), nil, memory.shared)
    }
    return Kernel(
      family: "convolution.rows", passes: [partials, combining, unfolding(from: 0)], sharedCount: (units + 1) * 4 * phaseSums,
      scratchCount: sumsCount + splitCount + bands.map(\.0.planeCount).max()! * channels, flops: shape.flops)
  }

  /// The pass that turns the gradients of the phases' filters, at `start` in shared memory, into the filter's.
  private func unfolding(from start: Int) -> Kernel.Pass {
    let functions = functions, filters = shape.outputs * shape.inputs
    let units = min(ceilDivide(filters, 1024), 16)
    return Kernel.Pass(units: units) { unit, memory in
      let range = part(unit, of: units, filters)
      functions.unfold(
        memory.shared + start, Int32(filters), Int32(range.lowerBound), Int32(range.upperBound), addend(memory), memory.outputs[0])
    }
  }
}
