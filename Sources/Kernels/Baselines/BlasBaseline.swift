/// What the convolution kernels are measured against: columns of pixels (im2col) and OpenBLAS's matrix products, one thread
/// each, shared by the lanes.
package struct BlasBaseline: Sendable {
  private let blas: OpenBLAS
  private let shape: ConvolutionShape
  private let columns: BlasColumns

  /// Output pixels up to which a product takes the whole batch; those of single images would be too narrow.
  private static let wholeArea = 64
  /// Units of a product of the whole batch.
  private static let wholeUnits = 8
  /// Floats of the columns that one product of a larger image reads: 512 KiB, to stay in the second-level cache.
  private static let bandCount = 131_072

  /// The kernel that computes a slot as ``Kernel/convolution(_:_:accumulating:)`` does, by `blas`.
  package static func convolution(_ shape: ConvolutionShape, _ slot: ConvolutionSlot, by blas: OpenBLAS) -> Kernel {
    let baseline = BlasBaseline(blas: blas, shape: shape, columns: BlasColumns(shape))
    return baseline.area <= wholeArea ? baseline.whole(slot) : baseline.bands(slot)
  }

  private var area: Int { shape.outputHeight * shape.outputWidth }
  private var plane: Int { shape.height * shape.width }
}

/// The whole batch as one matrix.
extension BlasBaseline {
  private func whole(_ slot: ConvolutionSlot) -> Kernel {
    let (blas, shape, columns, area, plane, depth) = (blas, shape, columns, area, plane, columns.depth)
    let (pixels, rows) = (shape.batch * area, 0..<shape.outputHeight)
    let (filters, channels) = (min(Self.wholeUnits, shape.outputs), min(Self.wholeUnits, shape.inputs))
    // In the shared scratch: the columns, then the outputs as a matrix [K, N * P * Q].
    let outputs = depth * pixels

    let gather = Kernel.Pass(units: shape.inputs) { c, memory in
      for n in 0..<shape.batch {
        columns.gather(
          memory.inputs[0] + (n * shape.inputs + c) * plane, band: rows, to: memory.shared + c * columns.taps * pixels + n * area,
          stride: pixels, scratch: memory.scratch)
      }
    }
    let collect = Kernel.Pass(units: shape.outputs) { k, memory in
      for n in 0..<shape.batch {
        (memory.shared + outputs + k * pixels + n * area)
          .update(from: memory.inputs[1] + (n * shape.outputs + k) * area, count: area)
      }
    }
    let passes: [Kernel.Pass] =
      switch slot {
      case .output:
        [
          gather,
          Kernel.Pass(units: filters) { unit, memory in
            let range = part(unit, of: filters, shape.outputs)
            Matrix(memory.inputs[1] + range.lowerBound * depth, stride: depth)
              .multiplied(
                with: blas, by: Matrix(memory.shared, stride: pixels), (range.count, depth, pixels),
                to: memory.shared + outputs + range.lowerBound * pixels, stride: pixels)
          },
          Kernel.Pass(units: shape.outputs) { k, memory in
            for n in 0..<shape.batch {
              (memory.outputs[0] + (n * shape.outputs + k) * area)
                .update(from: memory.shared + outputs + k * pixels + n * area, count: area)
            }
          },
        ]
      case .filter:
        [
          gather, collect,
          Kernel.Pass(units: filters) { unit, memory in
            let range = part(unit, of: filters, shape.outputs)
            Matrix(memory.shared + outputs + range.lowerBound * pixels, stride: pixels)
              .multiplied(
                with: blas, by: Matrix(memory.shared, stride: pixels, isTransposed: true), (range.count, pixels, depth),
                to: memory.outputs[0] + range.lowerBound * depth, stride: depth)
          },
        ]
      case .image:
        [
          collect,
          Kernel.Pass(units: channels) { unit, memory in
            let range = part(unit, of: channels, shape.inputs)
            let first = range.lowerBound * columns.taps
            Matrix(memory.inputs[0] + first, stride: depth, isTransposed: true)
              .multiplied(
                with: blas, by: Matrix(memory.shared + outputs, stride: pixels),
                (range.count * columns.taps, shape.outputs, pixels),
                to: memory.shared + first * pixels, stride: pixels)
          },
          Kernel.Pass(units: shape.inputs) { c, memory in
            for n in 0..<shape.batch {
              let image = memory.outputs[0] + (n * shape.inputs + c) * plane
              image.update(repeating: 0, count: plane)
              columns.scatter(
                memory.shared + c * columns.taps * pixels + n * area, band: rows, stride: pixels, to: image,
                scratch: memory.scratch)
            }
          },
        ]
      }
    return Kernel(
      family: "blas", passes: passes, sharedCount: outputs + shape.outputs * pixels,
      scratchCount: columns.scratchCount(rows: shape.outputHeight), flops: shape.flops)
  }
}

/// Bands of rows of one image after the other.
extension BlasBaseline {
  private func bands(_ slot: ConvolutionSlot) -> Kernel {
    let (blas, shape, columns, area, plane, depth) = (blas, shape, columns, area, plane, columns.depth)
    let height = min(shape.outputHeight, max(1, Self.bandCount / (depth * shape.outputWidth)))
    let bands = stride(from: 0, to: shape.outputHeight, by: height).map { $0..<min(shape.outputHeight, $0 + height) }
    // In the scratch: the columns of a band, then those of a channel.
    let padded = depth * height * shape.outputWidth

    /// The columns of a band of image `n`, gathered unless the image has them as they are.
    @Sendable func gathered(_ n: Int, _ band: Range<Int>, _ memory: KernelMemory) -> Matrix {
      let image = memory.inputs[0] + n * shape.inputs * plane
      if columns.isImage { return Matrix(image + band.lowerBound * shape.width, stride: plane) }
      let stride = band.count * shape.outputWidth
      for c in 0..<shape.inputs {
        columns.gather(
          image + c * plane, band: band, to: memory.scratch + c * columns.taps * stride, stride: stride,
          scratch: memory.scratch + padded)
      }
      return Matrix(memory.scratch, stride: stride)
    }
    let passes: [Kernel.Pass] =
      switch slot {
      case .output:
        [
          Kernel.Pass(units: shape.batch * bands.count) { unit, memory in
            let (n, band) = (unit / bands.count, bands[unit % bands.count])
            Matrix(memory.inputs[1], stride: depth)
              .multiplied(
                with: blas, by: gathered(n, band, memory), (shape.outputs, depth, band.count * shape.outputWidth),
                to: memory.outputs[0] + n * shape.outputs * area + band.lowerBound * shape.outputWidth, stride: area)
          }
        ]
      case .filter:
        [
          Kernel.Pass(units: shape.batch) { n, memory in
            for band in bands {
              var matrix = gathered(n, band, memory)
              matrix.isTransposed = true
              Matrix(memory.inputs[1] + n * shape.outputs * area + band.lowerBound * shape.outputWidth, stride: area)
                .multiplied(
                  with: blas, by: matrix, (shape.outputs, band.count * shape.outputWidth, depth), adding: band.lowerBound > 0,
                  to: memory.shared + n * shape.filterCount, stride: depth)
            }
          },
          Kernel.Pass(units: shape.outputs) { k, memory in
            let sum = memory.outputs[0] + k * depth
            sum.update(repeating: 0, count: depth)
            for n in 0..<shape.batch {
              let partial = memory.shared + n * shape.filterCount + k * depth
              for i in 0..<depth { sum[i] += partial[i] }
            }
          },
        ]
      case .image:
        [
          Kernel.Pass(units: shape.batch) { n, memory in
            let image = memory.outputs[0] + n * shape.inputs * plane
            image.update(repeating: 0, count: shape.inputs * plane)
            for band in bands {
              let pixels = band.count * shape.outputWidth
              Matrix(memory.inputs[0], stride: depth, isTransposed: true)
                .multiplied(
                  with: blas,
                  by: Matrix(memory.inputs[1] + n * shape.outputs * area + band.lowerBound * shape.outputWidth, stride: area),
                  (depth, shape.outputs, pixels),
                  to: columns.isImage ? image + band.lowerBound * shape.width : memory.scratch,
                  stride: columns.isImage ? plane : pixels)
              if columns.isImage { continue }
              for c in 0..<shape.inputs {
                columns.scatter(
                  memory.scratch + c * columns.taps * pixels, band: band, stride: pixels, to: image + c * plane,
                  scratch: memory.scratch + padded)
              }
            }
          }
        ]
      }
    return Kernel(
      family: "blas", passes: passes, sharedCount: slot == .filter ? shape.batch * shape.filterCount : 0,
      scratchCount: padded + columns.scratchCount(rows: height), flops: shape.flops)
  }
}

/// A row-major matrix in someone else's memory, `stride` floats from row to row, or the transpose of one.
private struct Matrix {
  let start: UnsafePointer<Float>
  let stride: Int
  var isTransposed = false

  init(_ start: UnsafePointer<Float>, stride: Int, isTransposed: Bool = false) {
    self.start = start
    self.stride = stride
    self.isTransposed = isTransposed
  }

  /// Writes, or adds, the product of this matrix `[m, k]` and `other` `[k, n]`.
  func multiplied(
    with blas: OpenBLAS, by other: Matrix, _ extents: (m: Int, k: Int, n: Int), adding: Bool = false,
    to result: UnsafeMutablePointer<Float>,
    stride resultStride: Int
  ) {
    // CblasRowMajor, CblasTrans, CblasNoTrans
    func form(_ matrix: Matrix) -> UInt32 { matrix.isTransposed ? 112 : 111 }
    blas.product(
      101, form(self), form(other), Int32(extents.m), Int32(extents.n), Int32(extents.k), 1, start, Int32(stride), other.start,
      Int32(other.stride), adding ? 1 : 0, result, Int32(resultStride))
  }
}
