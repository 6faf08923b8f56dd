import CKernels

/// Pixels that one unit of a resampling kernel handles, at least: a barrier costs about as much as 16,000.
private let pixelsPerUnit = 16_384

extension Kernel {
  /// Nearest-neighbour upsampling by two of `planes` images of `height` x `width`.
  package static func upsample(planes: Int, height: Int, width: Int) -> Kernel {
    overRows(family: "resample", rows: planes * height, width: width) { rows, memory in
      fk_upsample(memory.inputs[0] + rows.lowerBound * width, memory.outputs[0] + rows.lowerBound * 4 * width, 1, rows.count, width)
    }
  }

  /// The sums of 2x2 blocks; the result has `planes` images of `height` x `width`.
  package static func sumPool(planes: Int, height: Int, width: Int) -> Kernel {
    overRows(family: "resample", rows: planes * height, width: width) { rows, memory in
      fk_sum_pool(memory.inputs[0] + rows.lowerBound * 4 * width, memory.outputs[0] + rows.lowerBound * width, 1, rows.count, width)
    }
  }

  private static func overRows(
    family: String, rows: Int, width: Int, _ body: @escaping @Sendable (Range<Int>, KernelMemory) -> Void
  ) -> Kernel {
    let rowsPerUnit = max(1, pixelsPerUnit / width)
    let units = (rows + rowsPerUnit - 1) / rowsPerUnit
    return Kernel(
      family: family,
      passes: [
        Pass(units: units) { unit, memory in
          body(unit * rowsPerUnit..<min(rows, (unit + 1) * rowsPerUnit), memory)
        }
      ])
  }
}
