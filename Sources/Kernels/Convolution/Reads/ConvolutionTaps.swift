import CKernels

/// The reads of one side of a convolution, as tables for the C kernels.
///
/// Either the output's view of the image (tap (r, s) at output pixel (p, q) is the padded, upsampled image at
/// (p + r, q + s)) or the image's view of the output, its transpose, where border and upsampling become sums.
///
/// Immutable after `init`, therefore safe to share between lanes.
final class ConvolutionTaps: @unchecked Sendable {
  let table: UnsafeMutablePointer<fk_gather>
  var channels: Int { table.pointee.channels }
  var count: Int { table.pointee.taps_y * table.pointee.taps_x }
  /// Pixels of the target in the whole batch, and of one image.
  var pixels: Int { table.pointee.batch * area }
  var area: Int { table.pointee.height * table.pointee.width }
  /// The lists behind the table.
  let lists: Lists
  /// Whether what lies beside a source row counts as zero; otherwise it repeats pixels of the row.
  let bordersAreZero: Bool
  private let tables = Tables()

  /// The output's view of the image.
  static func image(_ shape: ConvolutionShape) -> ConvolutionTaps {
    let rows = Axis(shape, along: \.height), columns = Axis(shape, along: \.width)
    return ConvolutionTaps(
      batch: shape.batch, channels: shape.inputs, rows: rows.imageReads(), columns: columns.imageReads(),
      source: (shape.height, shape.width), target: (shape.outputHeight, shape.outputWidth),
      step: 1, offset: shape.upsampling == 1 ? { $0 - shape.padding } : nil, bordersAreZero: shape.border == .zeros)
  }

  /// The 3x3 pixels of the image around each of its pixels, for ``PhaseFilters``.
  static func neighbors(_ shape: ConvolutionShape) -> ConvolutionTaps {
    func reads(_ length: Int) -> [[[Int]]] {
      (-1...1).map { tap in
        (0..<length).map { at in
          let index = at + tap
          return shape.border == .zeros && !(0..<length).contains(index) ? [] : [min(max(index, 0), length - 1)]
        }
      }
    }
    return ConvolutionTaps(
      batch: shape.batch, channels: shape.inputs, rows: reads(shape.height), columns: reads(shape.width),
      source: (shape.height, shape.width), target: (shape.height, shape.width), step: 1, offset: { $0 - 1 },
      bordersAreZero: shape.border == .zeros)
  }

  /// The image's view of the output.
  static func output(_ shape: ConvolutionShape) -> ConvolutionTaps {
    let rows = Axis(shape, along: \.height), columns = Axis(shape, along: \.width)
    return ConvolutionTaps(
      batch: shape.batch, channels: shape.outputs, rows: rows.outputReads(), columns: columns.outputReads(),
      source: (shape.outputHeight, shape.outputWidth), target: (shape.height, shape.width),
      step: shape.upsampling, offset: { shape.padding - $0 }, bordersAreZero: true)
  }

  /// The pixels of an image as they are.
  static func plain(batch: Int, channels: Int, height: Int, width: Int) -> ConvolutionTaps {
    ConvolutionTaps(
      batch: batch, channels: channels, rows: [(0..<height).map { [$0] }], columns: [(0..<width).map { [$0] }],
      source: (height, width), target: (height, width), step: 1, offset: { _ in 0 }, bordersAreZero: true)
  }

  /// `rows[r][y]` and `columns[s][x]` list the source rows and columns which tap (r, s) adds up at target (y, x).
  private init(
    batch: Int, channels: Int, rows: [[[Int]]], columns: [[[Int]]], source: (height: Int, width: Int),
    target: (height: Int, width: Int), step: Int, offset: ((Int) -> Int)?, bordersAreZero: Bool
  ) {
    let starts = rows.joined().reduce(into: [0]) { $0.append($0.last! + $1.count) }
    var runs: [fk_run] = [], extras: [Int] = []
    for (tap, lists) in columns.enumerated() {
      var rest = lists
      var run = fk_run(low: 0, high: 0, offset: 0, extra_first: extras.count / 2, extra_count: 0)
      if let offset = offset?(tap) {
        func wanted(_ i: Int) -> [Int] { (0..<step).map { step * i + offset + $0 } }
        let inside = lists.indices.filter { i in wanted(i).allSatisfy(lists[i].contains) }
        (run.low, run.high, run.offset) = (inside.first ?? 0, (inside.last ?? -1) + 1, offset)
        for i in inside { for j in wanted(i) { rest[i].remove(at: rest[i].firstIndex(of: j)!) } }
        precondition(inside.count == run.high - run.low, "the columns of tap \(tap) are not one run")
      }
      for (i, list) in rest.enumerated() { for j in list { extras += [i, j] } }
      run.extra_count = extras.count / 2 - run.extra_first
      runs.append(run)
    }
    table = tables.copy([
      fk_gather(
        batch: batch, channels: channels, taps_y: rows.count, taps_x: columns.count, source_height: source.height,
        source_width: source.width, height: target.height, width: target.width, step: step, row_starts: tables.copy(starts),
        rows: tables.copy(Array(rows.joined().joined())), runs: tables.copy(runs), extras: tables.copy(extras))
    ])
    lists = Lists(
      rows: rows, columns: columns, source: source, target: target, step: step, offsets: offset.map { columns.indices.map($0) })
    self.bordersAreZero = bordersAreZero
  }

  /// What each tap adds up: `rows[r][y]` and `columns[s][x]` list source rows and columns.
  struct Lists {
    let rows: [[[Int]]]
    let columns: [[[Int]]]
    let source: (height: Int, width: Int)
    let target: (height: Int, width: Int)
    /// The source columns of one target column: 1, or 2 which follow each other.
    let step: Int
    /// The first source column which a horizontal tap reads at target column 0, if it then goes on in step; may be
    /// negative.
    let offsets: [Int]?
  }
}
