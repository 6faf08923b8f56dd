import CKernels

/// An instruction of a ``TileProgram``. What its registers and its number mean depends on the operation, see `tile.h`.
package struct TileInstruction: Sendable {
  package var operation: Operation
  package var dst, a, b, c: UInt8
  package var value: Float

  package init(_ operation: Operation, dst: UInt8, a: UInt8 = 0, b: UInt8 = 0, c: UInt8 = 0, value: Float = 0) {
    self.operation = operation
    self.dst = dst
    self.a = a
    self.b = b
    self.c = c
    self.value = value
  }

  /// As the C interpreter reads it.
  var compiled: fk_tile_instruction {
    fk_tile_instruction(op: operation.code, dst: dst, a: a, b: b, c: c, value: value)
  }

  /// What an instruction does with rows (R), of a number for each pixel of a tile, and scalars (S).
  package struct Operation: Hashable, Sendable {
    fileprivate let code: UInt8
    private init(_ op: fk_tile_op) { code = UInt8(op.rawValue) }

    // A row from rows or scalars.
    package static let addRR = Self(FK_ADD_RR), addRS = Self(FK_ADD_RS)
    package static let subtractRR = Self(FK_SUB_RR), subtractRS = Self(FK_SUB_RS), subtractSR = Self(FK_SUB_SR)
    package static let multiplyRR = Self(FK_MUL_RR), multiplyRS = Self(FK_MUL_RS)
    package static let scaleR = Self(FK_SCALE_R), offsetR = Self(FK_OFFSET_R), squareRootR = Self(FK_SQRT_R)
    package static let reciprocalR = Self(FK_RECIPROCAL_R), sigmoidR = Self(FK_SIGMOID_R), tanhR = Self(FK_TANH_R)
    package static let leakyR = Self(FK_LEAKY_R), slopeR = Self(FK_SLOPE_R)
    package static let exponentialR = Self(FK_EXPONENTIAL_R), logarithmR = Self(FK_LOGARITHM_R), softplusR = Self(FK_SOFTPLUS_R)
    package static let copyR = Self(FK_COPY_R), splatS = Self(FK_SPLAT_S), zeroR = Self(FK_ZERO_R)
    // A row from two functions at once.
    package static let multiplyAdd = Self(FK_MULTIPLY_ADD), multiplySubtract = Self(FK_MULTIPLY_SUBTRACT)
    package static let scaleAddRR = Self(FK_SCALE_ADD_RR), scaleAddRS = Self(FK_SCALE_ADD_RS)
    package static let multiplyLeaky = Self(FK_MULTIPLY_LEAKY), multiplySlope = Self(FK_MULTIPLY_SLOPE)
    // An accumulator's row.
    package static let accumulateR = Self(FK_ACCUMULATE_R), accumulateRR = Self(FK_ACCUMULATE_RR)
    // A scalar from scalars.
    package static let addSS = Self(FK_ADD_SS), subtractSS = Self(FK_SUB_SS), multiplySS = Self(FK_MUL_SS)
    package static let scaleS = Self(FK_SCALE_S), offsetS = Self(FK_OFFSET_S), squareRootS = Self(FK_SQRT_S)
    package static let reciprocalS = Self(FK_RECIPROCAL_S), sigmoidS = Self(FK_SIGMOID_S), tanhS = Self(FK_TANH_S)
    package static let leakyS = Self(FK_LEAKY_S), slopeS = Self(FK_SLOPE_S), setS = Self(FK_SET_S)
    package static let exponentialS = Self(FK_EXPONENTIAL_S), logarithmS = Self(FK_LOGARITHM_S), softplusS = Self(FK_SOFTPLUS_S)
    // Memory.
    package static let loadR = Self(FK_LOAD_R), loadS = Self(FK_LOAD_S), bindR = Self(FK_BIND_R)
    package static let upsampleR = Self(FK_UPSAMPLE_R), poolR = Self(FK_POOL_R)
    // Closing sums.
    package static let sumR = Self(FK_SUM_R), sumRR = Self(FK_SUM_RR), sumS = Self(FK_SUM_S)
  }
}
