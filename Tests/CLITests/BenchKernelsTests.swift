import Foundation
import Testing

@Suite struct BenchKernelsTests {
  private func objects(_ outcome: Program.Outcome) throws -> [[String: Any]] {
    try outcome.lines.map { try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any], "\($0)") }
  }

  @Test func `a convolution has its speed, the baseline's and its difference from the definition`() throws {
    let outcome = try Program.run(
      "bench", "kernels", "--json", "--filter", "discriminator.head", "--iterations", "2", "--threads", "2", in: Scratch())
    #expect(outcome.exitCode == 0)
    let lines = try objects(outcome)
    #expect(lines.map { $0["slot"] as? String } == ["image", "filter", "output"])
    let hasBaseline = outcome.errors.isEmpty
    if !hasBaseline { #expect(outcome.errors.hasPrefix("warning: OpenBLAS is not installed")) }
    for line in lines {
      #expect(line["kernel"] as? String == "discriminator.head")
      #expect(line["shape"] as? String == "512->1 1x1 @1")
      #expect((line["blas_core"] as? String)?.isEmpty == (hasBaseline ? false : nil))
      #expect((line["family"] as? String)?.hasPrefix("convolution.") == true)
      #expect(line["threads"] as? Int == 2 && line["batch"] as? Int == 8)
      for key in ["median_ms", "min_ms", "gflops", "peak_gflops", "peak_share"] + (hasBaseline ? ["blas_ms", "blas_ratio"] : []) {
        #expect(try #require(line[key] as? Double, "\(key)") > 0, "\(key)")
      }
      // Sums of 512 products in Float.
      #expect(try #require(line["difference"] as? Double) < 1e-5)
    }
  }

  @Test func `with --algorithms all that compute a slot are timed, the chosen one first`() throws {
    let outcome = try Program.run(
      "bench", "kernels", "--json", "--algorithms", "--filter", "generator.blocks.2.conv2 image", "--iterations", "1", in: Scratch()
    )
    #expect(outcome.exitCode == 0)
    let lines = try objects(outcome)
    #expect(lines.map { $0["algorithm"] as? String } == ["WinogradTiles", "WinogradRows", "BandedRows", "GatheredColumns"])
    #expect(lines.map { $0["is_chosen"] as? Bool } == [true, false, false, false])
    for line in lines { #expect(try #require(line["difference"] as? Double) < 1e-5) }
  }

  @Test func `without OpenBLAS the kernels are timed all the same, and a line says what is missing`() throws {
    let outcome = try Program.run(
      "bench", "kernels", "--json", "--filter", "discriminator.head", "--iterations", "1", in: Scratch(),
      environment: ["FADEIN_OPENBLAS": "/nowhere/libopenblas.so"])
    #expect(outcome.exitCode == 0)
    #expect(outcome.errors.hasPrefix("warning: OpenBLAS is not installed"), "\(outcome.errors)")
    for line in try objects(outcome) {
      #expect(line["median_ms"] is Double && !line.keys.contains { $0.hasPrefix("blas") })
    }
  }

  @Test func `a kernel that moves memory is compared with memcpy`() throws {
    let outcome = try Program.run("bench", "--json", "kernels", "--filter", "8x64x16x16", "--iterations", "2", in: Scratch())
    #expect(outcome.exitCode == 0 && outcome.errors.isEmpty)
    let lines = try objects(outcome)
    #expect(Set(lines.compactMap { $0["family"] as? String }) == ["copy", "elementwise"])
    for line in lines {
      #expect(line["kernel"] is String)
      let numbers = [
        "median_ms", "min_ms", "megabytes", "gigabytes_per_second", "memcpy_gigabytes_per_second", "memcpy_share",
      ]
      for key in numbers { #expect(try #require(line[key] as? Double, "\(key)") > 0, "\(key)") }
    }
  }

  @Test func `people get a table`() throws {
    let outcome = try Program.run("bench", "kernels", "--filter", "discriminator.head", "--iterations", "1", in: Scratch())
    #expect(outcome.exitCode == 0)
    try #require(outcome.lines.count == 5)
    #expect(outcome.lines[1].hasPrefix("KERNEL "))
    #expect(outcome.lines.allSatisfy { $0.count <= 120 })
  }

  @Test(arguments: [
    ["kernels", "--filter", "no such kernel"], ["kernels", "seed=1"], ["kernels", "--steps", "1"], ["tiny.yaml", "--filter", "x"],
    ["tiny.yaml", "--algorithms"],
  ])
  func `what does not go together is wrong usage`(arguments: [String]) throws {
    let outcome = try Program.run(["bench"] + arguments, in: Scratch())
    #expect(outcome.exitCode == 64)
    #expect(outcome.output.isEmpty)
  }
}
