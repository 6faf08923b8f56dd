import CKernels

extension Map.Function {
  /// The tile instruction for operands that are rows or scalars, and its immediate number.
  func instruction(_ isRow: [Bool]) -> (fk_tile_op, Double) {
    let row = isRow.contains(true)
    func binary(_ rr: fk_tile_op, _ rs: fk_tile_op, _ sr: fk_tile_op, _ ss: fk_tile_op) -> (fk_tile_op, Double) {
      switch (isRow[0], isRow[1]) {
      case (true, true): (rr, 0)
      case (true, false): (rs, 0)
      case (false, true): (sr, 0)
      case (false, false): (ss, 0)
      }
    }
    return switch self {
    case .add: binary(FK_ADD_RR, FK_ADD_RS, FK_ADD_RS, FK_ADD_SS)
    case .subtract: binary(FK_SUB_RR, FK_SUB_RS, FK_SUB_SR, FK_SUB_SS)
    case .multiply: binary(FK_MUL_RR, FK_MUL_RS, FK_MUL_RS, FK_MUL_SS)
    case .scale(let factor): (row ? FK_SCALE_R : FK_SCALE_S, factor)
    case .offset(let term): (row ? FK_OFFSET_R : FK_OFFSET_S, term)
    case .squareRoot: (row ? FK_SQRT_R : FK_SQRT_S, 0)
    case .reciprocal: (row ? FK_RECIPROCAL_R : FK_RECIPROCAL_S, 0)
    case .sigmoid: (row ? FK_SIGMOID_R : FK_SIGMOID_S, 0)
    case .tanh: (row ? FK_TANH_R : FK_TANH_S, 0)
    case .leakyReLU(let slope): (row ? FK_LEAKY_R : FK_LEAKY_S, slope)
    case .slope(let slope): (row ? FK_SLOPE_R : FK_SLOPE_S, slope)
    }
  }
}
