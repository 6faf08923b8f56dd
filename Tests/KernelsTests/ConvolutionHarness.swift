import Basics
import CKernels

@testable import Kernels

/// In which order and on which scratch the units of a pass run.
enum UnitOrder: CaseIterable {
  case forwards, backwards
  /// Three lanes in turn, each with its own scratch.
  case interleaved
}

/// Operands, guarded memory and comparison for the convolution's tests.
struct ConvolutionHarness {
  static let guardCount = 32
  static let guardValue: Float = -12345.5
  static let levels = Array(0...fk_cpu_level())

  let shape: ConvolutionShape
  let slot: ConvolutionSlot
  var accumulating = false
  var level = fk_cpu_level()
  /// The one that is chosen unless there is one.
  var algorithm: (any ConvolutionAlgorithm.Type)?
  var order = UnitOrder.forwards
  var inPlace = false

  var problem: ConvolutionProblem { ConvolutionProblem(shape, slot, accumulating: accumulating, level: level) }
  var name: String { "\(algorithm?.name ?? "the chosen algorithm") at level \(level)" }

  /// One for each algorithm that computes the problem at `level`.
  func fitting(level: Int = fk_cpu_level()) -> [ConvolutionHarness] {
    var harness = self
    harness.level = level
    return ConvolutionAlgorithms.fitting(harness.problem).map {
      harness.algorithm = $0
      return harness
    }
  }

  /// The values of image, filter and output, in this order.
  static func operands(_ shape: ConvolutionShape, seed: UInt64) -> [[Float]] {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    return [shape.imageCount, shape.filterCount, shape.outputCount].map { count in
      (0..<count).map { _ in
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Float(Int64(bitPattern: state) >> 40) / Float(1 << 23)
      }
    }
  }

  /// The products that one value of the slot adds up.
  static func depth(_ shape: ConvolutionShape, _ slot: ConvolutionSlot) -> Double {
    let products = shape.flops / 2
    switch slot {
    case .image: return products / Double(shape.imageCount)
    case .filter: return products / Double(shape.filterCount)
    case .output: return products / Double(shape.outputCount)
    }
  }

  struct Outcome {
    var values: [Float]
    var guardsIntact: Bool
  }

  /// Runs the kernel on guarded copies; inputs must not change, guards neither.
  func run(_ operands: [[Float]]) -> Outcome {
    let algorithm = algorithm ?? ConvolutionAlgorithms.fitting(problem).first { _ in true }!
    let kernel = algorithm.kernel(of: problem)
    var rest = operands
    let addend = rest.remove(at: slot.rawValue)
    var inputs = rest.map(Guarded.init)
    let output = accumulating && inPlace ? Guarded(addend) : Guarded([Float](repeating: .nan, count: addend.count))
    if accumulating { inputs.append(inPlace ? output : Guarded(addend)) }
    let shared = Guarded([Float](repeating: .nan, count: kernel.sharedCount))
    let lanes = (0..<3).map { _ in Guarded([Float](repeating: .nan, count: kernel.scratchCount)) }
    let inputPointers = inputs.map(\.start), outputPointers = [output.start]
    inputPointers.withUnsafeBufferPointer { ins in
      outputPointers.withUnsafeBufferPointer { outs in
        for pass in kernel.passes {
          for index in 0..<pass.units {
            let unit = order == .backwards ? pass.units - 1 - index : index
            let lane = lanes[order == .interleaved ? index % 3 : 0]
            pass.run(
              unit,
              KernelMemory(inputs: ins.baseAddress!, outputs: outs.baseAddress!, shared: shared.start, scratch: lane.start))
          }
        }
      }
    }
    let unchanged = zip(rest, inputs).allSatisfy { $0 == $1.values }
    let intact = unchanged && (inputs + lanes + [output, shared]).allSatisfy(\.intact)
    return Outcome(values: output.values, guardsIntact: intact)
  }

  /// The slot's values by definition, plus the addend.
  func expected(_ operands: [[Float]]) -> [Double] {
    var rest = operands.map { $0.map(Double.init) }
    let addend = rest.remove(at: slot.rawValue)
    let values = ConvolutionReference.run(shape, slot, rest[0], rest[1])
    return accumulating ? zip(values, addend).map { $0 + $1 } : values
  }

  /// The largest deviation from the definition, in units of the tolerance.
  func deviation(_ values: [Float], from expected: [Double]) -> Double {
    // Terms have a mean square of 1/9; rounding errors of 6e-8 each grow with the root of their number, and sums of
    // filters (in transformed domains) cost a few bits more.
    let tolerance = 1e-5 * max(1, Self.depth(shape, slot)).squareRoot()
    var worst = 0.0
    for (value, wanted) in zip(values, expected) {
      let error = abs(Double(value) - wanted)
      worst = error.isNaN ? .infinity : max(worst, error)
    }
    return worst / tolerance
  }
}

/// Floats between guard words, aligned to 64 bytes.
final class Guarded {
  let start: UnsafeMutablePointer<Float>
  private let base: UnsafeMutableRawPointer
  private let count: Int

  init(_ values: [Float]) {
    let guardCount = ConvolutionHarness.guardCount
    count = values.count
    base = .allocate(byteCount: 4 * (count + 2 * guardCount), alignment: 64)
    let all = base.bindMemory(to: Float.self, capacity: count + 2 * guardCount)
    all.initialize(repeating: ConvolutionHarness.guardValue, count: count + 2 * guardCount)
    start = all + guardCount
    values.withUnsafeBufferPointer { if let first = $0.baseAddress { start.update(from: first, count: count) } }
  }

  deinit { base.deallocate() }

  var values: [Float] { Array(UnsafeBufferPointer(start: start, count: count)) }

  var intact: Bool {
    let size = ConvolutionHarness.guardCount, value = ConvolutionHarness.guardValue
    return (1...size).allSatisfy { start[-$0] == value } && (0..<size).allSatisfy { start[count + $0] == value }
  }
}
