import Foundation
import Testing

@testable import Kernels

@Suite("ConvolutionAlgorithms")
struct ConvolutionAlgorithmsTests {
  /// Channels, sides, filters and upsamplings around every threshold.
  private static let grid: [ConvolutionShape] = {
    let sides = [(1, 1), (4, 4), (5, 7), (8, 8), (16, 8), (12, 8), (8, 16), (6, 16), (7, 20), (4, 48), (64, 64)]
    var shapes: [ConvolutionShape] = []
    for (side, padding) in [(1, 0), (3, 1), (3, 0), (4, 0), (5, 2)] {
      for (inputs, outputs) in [(3, 8), (8, 3), (8, 8), (13, 14), (14, 13), (16, 16), (17, 8), (256, 300)] {
        for (height, width) in sides {
          for upsampling in [1, 2] {
            shapes.append(
              ConvolutionShape(
                batch: 2, inputs: inputs, outputs: outputs, height: height, width: width, filterHeight: side, filterWidth: side,
                padding: padding, upsampling: upsampling))
          }
        }
      }
    }
    return shapes.filter { $0.outputHeight > 0 && $0.outputWidth > 0 }
  }()

  /// What computes each slot at each level, one name where they agree.
  private static func choice(_ shape: ConvolutionShape) -> String {
    let slots = ConvolutionSlot.allCases.map { slot in
      let names = (0...2).map { level in
        ConvolutionAlgorithms.fitting(ConvolutionProblem(shape, slot, level: level)).first { _ in true }!.name
      }
      return "\(slot) " + (Set(names).count == 1 ? names[0] : names.joined(separator: "/"))
    }
    return "\(shape.testDescription): \(slots.joined(separator: ", "))"
  }

  @Test
  func `each slot of each shape is computed by the algorithm that was measured to be the best`() throws {
    try compare(
      Self.grid.map { Self.choice($0) + "\n" }.joined(), "Tests/KernelsTests/Fixtures/choices.txt", after: "", before: "")
  }

  @Test
  func `the table in docs/kernels.md is the list of algorithms`() throws {
    let rows = ConvolutionAlgorithms.all.map { algorithm in
      let slots = algorithm.slots.map { "\($0)" }.joined(separator: ", ")
      return "| `\(algorithm.name)` | \(slots) | \(algorithm.when) | `\(algorithm.family)` |\n"
    }
    let table = "| algorithm | slots | taken when | family |\n|---|---|---|---|\n" + rows.joined()
    try compare(
      table, "docs/kernels.md", after: "`Kernel.convolution` takes the first that fits:\n\n",
      before: "\n*Minimal filtering of tiles*")
  }

  /// Compares `text` with the part of a file between two texts; with `RECORD=1` writes it and fails.
  private func compare(_ text: String, _ path: String, after: String, before: String) throws {
    let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../\(path)")
    let file = try String(contentsOf: url, encoding: .utf8)
    let start = after.isEmpty ? file.startIndex : try #require(file.range(of: after)).upperBound
    let end = before.isEmpty ? file.endIndex : try #require(file.range(of: before)).lowerBound
    guard ProcessInfo.processInfo.environment["RECORD"] == "1" else {
      #expect(file[start..<end] == text, "\(path), run with RECORD=1 if this is right")
      return
    }
    try file.replacingCharacters(in: start..<end, with: text).write(to: url, atomically: true, encoding: .utf8)
    Issue.record("\(path) was written")
  }
}
