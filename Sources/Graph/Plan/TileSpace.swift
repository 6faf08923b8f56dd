import Kernels

/// How the axes of a shape become the three of a tile program.
///
/// Neighboring axes along which every operand of a program varies alike are one axis of the program. The last is P,
/// contiguous in memory; sums that stay inside a tile run over B.
struct TileSpace: Hashable {
  /// Which extents of the program a shape varies along.
  struct Extent: Hashable {
    var a = false
    var b = false
    var p = false
  }

  /// A sum's operand and result.
  struct Sum: Hashable {
    let operand: Shape
    let result: Shape
  }

  private enum Axis: Hashable { case a, b, p, none }

  let full: Shape
  private let axes: [Axis]

  /// Rows of a tile, beyond which each is a tile of its own: of so many, as an attention has, a tile would hold a few pixels.
  private static let mostRows = 1024

  /// The space for operands and results of `shapes`, each of which `full` covers, or nil if three axes are too few or a sum is
  /// neither of rows over B nor one that runs over P.
  static func fitting(_ full: Shape, shapes: [Shape], sums: [Sum]) -> TileSpace? {
    var segments: [[Int]] = []
    for axis in full.dims.indices where full[axis] > 1 {
      if let last = segments.last?.last, shapes.allSatisfy({ ($0[axis] == 1) == ($0[last] == 1) }) {
        segments[segments.count - 1].append(axis)
      } else {
        segments.append([axis])
      }
    }
    func count(_ segment: [Int]) -> Int { segment.reduce(1) { $0 * full[$1] } }
    let choices: [[Axis]] =
      switch segments.count {
      case 0: [[]]
      case 1: [[.p]]
      case 2: count(segments[0]) > mostRows ? [[.a, .p], [.b, .p]] : [[.b, .p], [.a, .p]]
      case 3: [[.a, .b, .p]]
      default: []
      }
    for choice in choices {
      var axes = full.dims.map { _ in Axis.none }
      for (segment, axis) in zip(segments, choice) { for i in segment { axes[i] = axis } }
      let space = TileSpace(full: full, axes: axes)
      if sums.allSatisfy({ space.kind(of: $0) != nil }) { return space }
    }
    return nil
  }

  /// Which axes a shape varies along.
  func extent(of shape: Shape) -> Extent {
    var extent = Extent()
    for (axis, role) in axes.enumerated() where shape[axis] > 1 {
      switch role {
      case .a: extent.a = true
      case .b: extent.b = true
      case .p: extent.p = true
      case .none: break
      }
    }
    return extent
  }

  /// What a sum is to the tile program.
  enum SumKind { case nothing, inner, closing }

  /// How a sum is computed, or nil if a tile cannot.
  func kind(of sum: Sum) -> SumKind? {
    let (from, to) = (extent(of: sum.operand), extent(of: sum.result))
    if from == to { return .nothing }
    if extents.p > 1, from.p, !to.p { return .closing }
    return from.a == to.a && from.p && to.p ? .inner : nil
  }

  /// The program's extents.
  var extents: TileProgram.Space {
    func extent(_ wanted: Axis) -> Int { zip(axes, full.dims).reduce(1) { $1.0 == wanted ? $0 * $1.1 : $0 } }
    return TileProgram.Space(a: extent(.a), b: extent(.b), p: extent(.p))
  }

  /// The strides of contiguous memory of this shape.
  func view(of shape: Shape) -> TileProgram.View {
    let (extent, size) = (extent(of: shape), extents)
    let row = extent.p ? size.p : 1
    return TileProgram.View(strideA: extent.a ? row * (extent.b ? size.b : 1) : 0, strideB: extent.b ? row : 0)
  }
}
