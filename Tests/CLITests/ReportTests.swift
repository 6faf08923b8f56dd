import Foundation
import Testing

@Suite struct ReportTests {
  @Test func `a page about real runs, twice the same`() throws {
    let scratch = try Scratch()
    try scratch.writeTinyExperiment()
    for rate in ["1e-3", "1e-2"] {
      #expect(
        try Program.run("run", "tiny.yaml", "optimizer.adam.rate=\(rate)", "--quiet", "--no-cache", in: scratch).exitCode == 0)
    }
    let outcome = try Program.run("report", "tiny/*", "--out", "page.html", "--title", "a <b> c", in: scratch)
    #expect((outcome.exitCode, outcome.output, outcome.errors) == (0, "page.html\n", ""))
    let page = try scratch.text("page.html")
    #expect(page.contains("<title>a &lt;b&gt; c</title>") && page.contains("rate 0.01") && page.contains("data:image/png;base64,"))
    try Program.run("report", "--out", "again.html", "--title", "a <b> c", "--threads", "1", in: scratch)
    #expect(try scratch.text("again.html") == page)
    let filtered = try Program.run("report", "--out", "one.html", "--filter", "params.optimizer.adam.rate < 5e-3", in: scratch)
    #expect(filtered.exitCode == 0)
    let misspelt = try Program.run("report", "--out", "no.html", "--objective", "loss.generatr:max", in: scratch)
    #expect(misspelt.exitCode == 64 && misspelt.errors.contains("did you mean 'loss.generator'?"))
    #expect(!FileManager.default.fileExists(atPath: scratch("no.html")))
    #expect(try scratch.text("one.html").contains("1 run · 1 finished"))
  }

  @Test func `what cannot be reported on is told`() throws {
    let scratch = try Scratch()
    let missing = try Program.run("report", "nothing", "--out", "page.html", in: scratch)
    #expect(missing.exitCode == 66 && missing.errors.contains("there is no run 'nothing'"))
    try scratch.write("x", to: "runs/broken/v001/metrics.csv")
    let none = try Program.run("report", "--out", "page.html", in: scratch)
    #expect(none.exitCode == 66 && none.errors.contains("there is no run to report on"))
    #expect(try Program.run("report", in: scratch).exitCode == 64)
    #expect(try Program.run("report", "--out", "x", "--objective", "a:b:c", in: scratch).exitCode == 64)
    #expect(!FileManager.default.fileExists(atPath: scratch("page.html")))
  }
}
