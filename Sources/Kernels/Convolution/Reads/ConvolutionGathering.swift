import CKernels

/// How the reads of one panel are gathered.
struct ConvolutionGathering: Sendable {
  /// Pixels up to which all panels are gathered once, in shared memory; beyond, each unit gathers its own.
  static let sharedPixels = 960
  /// Channels that are prepared at a time.
  private static let chunk = 16

  private let reads: ConvolutionTaps
  private let problem: ConvolutionProblem
  /// For small images whose panels begin and end with whole rows.
  private let small: (expansion: ConvolutionExpansion, rows: ConvolutionOffsets)?

  init(_ reads: ConvolutionTaps, _ problem: ConvolutionProblem) {
    self.reads = reads
    self.problem = problem
    let (height, width) = reads.lists.target, panel = ConvolutionProblem.mostPixels
    let whole = panel % reads.area == 0 || (reads.area % panel == 0 && panel % width == 0)
    if reads.lists.offsets != nil, width == 4 || width == 8, whole {
      let expansion = ConvolutionExpansion(reads, rows: 0..<height, piece: width)
      small = (expansion, expansion.rowTable(taps: Array(0..<reads.count)))
    } else {
      small = nil
    }
  }

  /// Floats of scratch.
  var scratchCount: Int { small.map { $0.expansion.planeCount * Self.chunk } ?? reads.lists.source.width }

  /// to[channel][tap][panel] for a range of channels.
  func run(
    panel at: Int, channels: Range<Int>, from: UnsafePointer<Float>, to: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>
  ) {
    let functions = problem.functions, panel = problem.panel
    guard let small else {
      functions.pointee.gather(reads.table, from, at, channels.lowerBound, channels.count, to, scratch)
      return
    }
    let (height, width) = reads.lists.target, planeCount = small.expansion.planeCount
    let sourceArea = reads.lists.source.height * reads.lists.source.width
    let first = at * panel / reads.area, last = min(ceilDivide((at + 1) * panel, reads.area), reads.pixels / reads.area)
    let rows = min(height, panel / width), row = reads.area > panel ? at * panel % reads.area / width : 0
    for image in first..<last {
      for channel in stride(from: channels.lowerBound, to: channels.upperBound, by: Self.chunk) {
        let count = min(Self.chunk, channels.upperBound - channel)
        functions.pointee.expand(
          small.expansion.table, from + (image * reads.channels + channel) * sourceArea, count, planeCount, scratch)
        var planes = fk_planes(at: scratch, plane: planeCount, count: count)
        var table = fk_row_reads(at: small.rows.reads + row, taps: reads.count, stride: height)
        functions.pointee.assemble(
          &planes, &table, fk_extent(height: rows, width: width), reads.count * panel, panel,
          to + (channel - channels.lowerBound) * reads.count * panel + (image - first) * reads.area)
      }
    }
  }
}
