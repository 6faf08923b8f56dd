import Kernels

extension Map.Function {
  /// The tile instruction for operands that are rows or scalars, and its immediate number.
  func instruction(_ isRow: [Bool]) -> (TileInstruction.Operation, Double) {
    let row = isRow.contains(true)
    func binary(
      _ rr: TileInstruction.Operation, _ rs: TileInstruction.Operation, _ sr: TileInstruction.Operation,
      _ ss: TileInstruction.Operation
    ) -> (TileInstruction.Operation, Double) {
      switch (isRow[0], isRow[1]) {
      case (true, true): (rr, 0)
      case (true, false): (rs, 0)
      case (false, true): (sr, 0)
      case (false, false): (ss, 0)
      }
    }
    return switch self {
    case .add: binary(.addRR, .addRS, .addRS, .addSS)
    case .subtract: binary(.subtractRR, .subtractRS, .subtractSR, .subtractSS)
    case .multiply: binary(.multiplyRR, .multiplyRS, .multiplyRS, .multiplySS)
    case .scale(let factor): (row ? .scaleR : .scaleS, factor)
    case .offset(let term): (row ? .offsetR : .offsetS, term)
    case .squareRoot: (row ? .squareRootR : .squareRootS, 0)
    case .reciprocal: (row ? .reciprocalR : .reciprocalS, 0)
    case .sigmoid: (row ? .sigmoidR : .sigmoidS, 0)
    case .tanh: (row ? .tanhR : .tanhS, 0)
    case .leakyReLU(let slope): (row ? .leakyR : .leakyS, slope)
    case .slope(let slope): (row ? .slopeR : .slopeS, slope)
    case .exponential: (row ? .exponentialR : .exponentialS, 0)
    case .logarithm: (row ? .logarithmR : .logarithmS, 0)
    case .softplus: (row ? .softplusR : .softplusS, 0)
    }
  }
}
