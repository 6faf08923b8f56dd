import CKernels

/// How the reads of one panel are gathered.
struct ConvolutionGathering: Sendable {
  /// Channels that are prepared at a time.
  private static let chunk = 16

  private let reads: ConvolutionTaps
  private let functions: fk_convolution_functions
  private let panel: Int
  /// For small images whose panels begin and end with whole rows.
  private let small: (expansion: ConvolutionExpansion, rows: ConvolutionOffsets)?

  init(_ reads: ConvolutionTaps, _ functions: fk_convolution_functions) {
    self.reads = reads
    self.functions = functions
    panel = 16 * Int(functions.blocks)
    let (height, width) = reads.lists.target
    let whole = panel % reads.area == 0 || (reads.area % panel == 0 && panel % width == 0)
    if reads.lists.offsets != nil, width == 4 || width == 8, whole {
      let expansion = ConvolutionExpansion(reads, rows: 0..<height, piece: width)
      small = (expansion, expansion.rowTable(taps: Array(0..<reads.count)))
    } else {
      small = nil
    }
  }

  /// Floats of scratch.
  var scratchCount: Int { small.map { $0.expansion.planeCount * Self.chunk } ?? reads.sourceWidth }

  /// to[channel][tap][panel] for a range of channels.
  func run(
    panel at: Int, channels: Range<Int>, from: UnsafePointer<Float>, to: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>
  ) {
    guard let small else {
      functions.gather(reads.table, from, Int32(at), Int32(channels.lowerBound), Int32(channels.count), to, scratch)
      return
    }
    let (height, width) = reads.lists.target
    let sourceArea = reads.lists.source.height * reads.lists.source.width
    let first = at * panel / reads.area, last = min(ceilDivide((at + 1) * panel, reads.area), reads.pixels / reads.area)
    let rows = min(height, panel / width), row = reads.area > panel ? at * panel % reads.area / width : 0
    for image in first..<last {
      for channel in stride(from: channels.lowerBound, to: channels.upperBound, by: Self.chunk) {
        let count = Int32(min(Self.chunk, channels.upperBound - channel))
        functions.expand(
          small.expansion.table, from + (image * reads.channels + channel) * sourceArea, count, small.expansion.planeCount,
          scratch)
        functions.assemble(
          scratch, small.expansion.planeCount, count, small.rows.reads + row, Int32(height), Int32(reads.count), Int32(rows),
          Int32(width), reads.count * panel, panel,
          to + (channel - channels.lowerBound) * reads.count * panel + (image - first) * reads.area)
      }
    }
  }
}
