import ArgumentParser
import Basics
import Foundation
import Kernels

/// `fadein bench kernels`: the time of each kernel against what the machine can do, and its values against the definition.
struct BenchKernels {
  /// Only kernels whose names have this in them; all without.
  let filter: String?
  /// Times that a kernel is measured.
  let measurements: Int
  let threads: Int
  /// Whether every algorithm that computes a convolution is timed, not only the chosen one.
  let algorithms: Bool
  let json: Bool

  /// The batch on which values are checked: the definition is slow.
  private static let checkedBatch = 2

  /// Times the kernels and prints a row for each.
  func run() throws {
    let cases = KernelCase.all.filter { kernel in filter.map(kernel.name.contains) ?? true }
    guard !cases.isEmpty else { throw ValidationError("no kernel has '\(filter ?? "")' in its name") }
    // It computes nothing else.
    let hasConvolutions = cases.contains { if case .convolution = $0 { true } else { false } }
    let blas = hasConvolutions ? OpenBLAS.loaded : nil
    if hasConvolutions, blas == nil {
      Console.tell(
        Diagnostics([
          Diagnostic(
            "OpenBLAS is not installed: the kernels are not compared with it", severity: .warning,
            note: "on Debian it is the package libopenblas0")
        ]))
    }
    let lanes = Lanes(count: threads)
    if let notice = lanes.notice {
      Console.tell(Diagnostics([Diagnostic(notice, severity: .warning)]))
    }
    let peak = MachinePeak.measure(lanes)
    let progress = LiveProgress(quiet: json)
    var convolutions: [ConvolutionLine] = []
    var moves: [MemoryLine] = []
    for (index, kernel) in cases.enumerated() {
      progress.transient("\(index + 1)/\(cases.count) \(kernel.name)")
      switch kernel {
      case .convolution(let layer, let shape, let slot):
        let lines = lines(layer, shape, slot, lanes, peak, blas)
        convolutions += lines
        if json { for line in lines { print(try JSONLine.text(line)) } }
      case .memory(let name, let make):
        moves.append(try line(name, make(lanes), lanes))
        if json { print(try JSONLine.text(moves.last!)) }
      }
    }
    guard !json else { return }
    progress.line(
      "\(threads) threads, peak \(fixed(peak * 1e-9, 0)) GFLOP/s, \(blas.map { "OpenBLAS for \($0.core), " } ?? "")median of \(measurements)"
    )
    if !convolutions.isEmpty { print("\n" + ConvolutionLine.table(convolutions, algorithms: algorithms).text, terminator: "") }
    if !moves.isEmpty { print("\n" + MemoryLine.table(moves).text, terminator: "") }
  }

  private func lines(
    _ layer: String, _ shape: ConvolutionShape, _ slot: ConvolutionSlot, _ lanes: Lanes, _ peak: Double, _ blas: OpenBLAS?
  ) -> [ConvolutionLine] {
    let (inputs, output) = ConvolutionReference.operands(shape, slot)
    var small = shape
    small.batch = Self.checkedBatch
    let count = algorithms ? Int.max : 1
    let kernels = Kernel.convolutions(shape, slot).prefix(count), checked = Kernel.convolutions(small, slot).prefix(count)
    let times = KernelBenchmark.time(
      (kernels.map(\.kernel) + (blas.map { [BlasBaseline.convolution(shape, slot, by: $0)] } ?? [])).map {
        KernelBenchmark($0, inputs: inputs, outputs: [output], lanes: lanes)
      }, count: measurements)
    let baseline = blas == nil ? nil : times.last?.median
    return zip(kernels, times).enumerated().map { index, measured in
      let ((algorithm, kernel), time) = measured, rate = shape.flops / time.median
      return ConvolutionLine(
        kernel: layer, slot: "\(slot)", shape: shape.label, family: kernel.family,
        algorithm: algorithms ? algorithm : nil, isChosen: algorithms ? index == 0 : nil, threads: threads, batch: shape.batch,
        blasCore: blas?.core, medianMs: time.median * 1e3, minMs: time.min * 1e3,
        gflops: rate * 1e-9, peakGflops: peak * 1e-9, peakShare: rate / peak, blasMs: baseline.map { $0 * 1e3 },
        blasRatio: baseline.map { $0 / time.median },
        difference: ConvolutionReference.difference(of: checked[index].kernel, small, slot, lanes: lanes))
    }
  }

  private func line(_ name: String, _ made: (benchmark: KernelBenchmark, bytes: Int), _ lanes: Lanes) -> MemoryLine {
    let times = KernelBenchmark.time([made.benchmark, .memcpy(bytes: made.bytes, lanes: lanes)], count: measurements)
    let rates = times.map { Double(made.bytes) / $0.median * 1e-9 }
    return MemoryLine(
      kernel: name, family: made.benchmark.kernel.family, threads: threads, megabytes: Double(made.bytes) * 1e-6,
      medianMs: times[0].median * 1e3, minMs: times[0].min * 1e3, gigabytesPerSecond: rates[0],
      memcpyGigabytesPerSecond: rates[1], memcpyShare: rates[0] / rates[1])
  }
}

/// A convolution's row. Property names are the keys of the JSON.
private struct ConvolutionLine: Encodable {
  let kernel, slot, shape, family: String
  /// Where every algorithm is timed.
  let algorithm: String?
  let isChosen: Bool?
  let threads, batch: Int
  /// The processor for which OpenBLAS's code was written; nil, like what it took, where it is not installed.
  let blasCore: String?
  let medianMs, minMs, gflops, peakGflops, peakShare: Double
  let blasMs: Double?
  /// How many times the time of the kernel OpenBLAS takes.
  let blasRatio: Double?
  /// The largest, as a share of the largest value.
  let difference: Double

  static func table(_ lines: [ConvolutionLine], algorithms: Bool) -> Table {
    var table = Table(
      ["KERNEL", "SLOT", "SHAPE", algorithms ? "ALGORITHM" : "FAMILY"].map { Table.Column($0) }
        + ["MS", "GFLOP/S", "% PEAK", "X BLAS", "DIFFERENCE"].map { Table.Column($0, .right) })
    for line in lines {
      table.append([
        line.kernel, line.slot, line.shape, line.algorithm ?? line.family.replacing("convolution.", with: ""),
        fixed(line.medianMs, 3),
        fixed(line.gflops, 1), fixed(100 * line.peakShare, 1), line.blasRatio.map { fixed($0, 2) } ?? "",
        String(format: "%.1e", line.difference),
      ])
    }
    return table
  }
}

/// The row of a kernel that moves memory. Property names are the keys of the JSON.
private struct MemoryLine: Encodable {
  let kernel, family: String
  let threads: Int
  /// Read and written.
  let megabytes: Double
  let medianMs, minMs, gigabytesPerSecond: Double
  /// What `memcpy` reaches when it moves as much.
  let memcpyGigabytesPerSecond, memcpyShare: Double

  static func table(_ lines: [MemoryLine]) -> Table {
    var table = Table(
      [Table.Column("KERNEL"), Table.Column("FAMILY")]
        + ["MB", "MS", "GB/S", "MEMCPY GB/S", "% MEMCPY"].map { Table.Column($0, .right) })
    for line in lines {
      table.append([
        line.kernel, line.family, fixed(line.megabytes, 1), fixed(line.medianMs, 3), fixed(line.gigabytesPerSecond, 1),
        fixed(line.memcpyGigabytesPerSecond, 1), fixed(100 * line.memcpyShare, 1),
      ])
    }
    return table
  }
}

extension ConvolutionShape {
  /// As in `32->16 3x3 @16 x2`: channels, filter, the image's side, upsampling.
  fileprivate var label: String {
    "\(inputs)->\(outputs) \(filterHeight)x\(filterWidth) @\(height)" + (upsampling > 1 ? " x\(upsampling)" : "")
  }
}

private func fixed(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }
