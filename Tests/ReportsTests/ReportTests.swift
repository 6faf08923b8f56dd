import Basics
import Foundation
import Runs
import Testing
import TestSupport

@testable import Reports

@Suite struct ReportTests {
  static let hostile = "</script><img src=x onerror=alert(1)>"

  /// Two rates with two seeds each.
  private func study() throws -> Study {
    let study = try Study()
    for (number, (rate, seed)) in [("0.001", 0), ("0.001", 1), ("0.01", 0), ("0.01", 1)].enumerated() {
      try study.run("x/v00\(number + 1)", seed: UInt64(seed), rate: rate, loss: Double(number + 1))
    }
    return study
  }

  @Test func `the page of the same runs is the same bytes, with any number of threads`() throws {
    let study = try study()
    let page = try study.page()
    #expect(try study.page() == page)
    #expect(try study.page(threads: 3) == page)
  }

  @Test func `the page has a title, a language, headings, and headers of tables`() throws {
    let page = PageReader(try study().page(title: "A & B"))
    #expect(page.elements.first { $0.name == "html" }?.attributes == ["lang": "en"])
    #expect(page.texts.contains("A & B"))
    #expect(page.elements.count { $0.name == "h1" } == 1)
    #expect(
      page.elements.filter { $0.name == "section" }.map { $0.attributes["id"] } == [
        "summary", "curves", "settings", "samples", "specs", "runs",
      ])
    #expect(page.elements.filter { $0.name == "th" }.allSatisfy { $0.attributes["scope"] != nil })
    let pictures = page.elements.filter { $0.name == "img" }
    #expect(pictures.count == 4 && pictures.allSatisfy { $0.attributes["alt"]?.isEmpty == false })
    let charts = page.elements.filter { $0.attributes["class"] == "chart" }
    #expect(charts.count >= 4 && charts.allSatisfy { $0.attributes["role"] == "img" && $0.attributes["aria-label"] != nil })
  }

  @Test func `repeats are one line and one row, with their interval`() throws {
    let texts = PageReader(try study().page()).texts
    #expect(texts.contains("4 runs · 2 settings, 2 repeats each · 4 finished · begun 1970-01-01"))
    #expect(texts.contains("rate 0.001") && texts.contains("rate 0.01"))
    // Last values 10 and 20: the deviation is 7.07, the interval 15 ± 63.5.
    #expect(texts.contains("15.0 ± 7.1") && texts.contains("−48.5 to 78.5"))
  }

  @Test func `one run of each setting says so instead of giving an interval`() throws {
    let study = try Study()
    try study.run("x/v001", rate: "1")
    try study.run("x/v002", rate: "2")
    let texts = PageReader(try study.page()).texts.joined(separator: "\n")
    #expect(texts.contains("nothing tells how much of a difference is chance"))
    #expect(!texts.contains("±"))
  }

  @Test func `nothing in the page comes from elsewhere, and nothing runs`() throws {
    let study = try study()
    try study.run("x/v009", label: "see http://example.org/x.js", hasSamples: true)
    let text = try study.page(title: "http://example.org")
    let page = PageReader(text)
    for element in page.elements {
      #expect(!["script", "link", "iframe", "object", "embed", "base", "form", "audio", "video", "image"].contains(element.name))
      for (key, value) in element.attributes {
        #expect(!key.hasPrefix("on") && key != "style")
        if key == "src" { #expect(value.hasPrefix("data:image/png;base64,")) }
        if key == "href" { #expect(value.hasPrefix("#")) }
        if key == "clip-path" { #expect(value.hasPrefix("url(#frame")) }
      }
    }
    // Only where a text says so, never in markup.
    let style = try #require(text.firstRange(of: "<style>")?.upperBound)
    let sheet = text[style...].prefix(upTo: try #require(text.firstRange(of: "</style>")?.lowerBound))
    for word in ["http", "url(", "@import", "expression", "//"] { #expect(!sheet.contains(word), "\(word)") }
    #expect(page.elements.allSatisfy { !$0.attributes.values.contains { $0.contains("http") } })
    #expect(page.texts.contains("http://example.org"))
  }

  @Test func `the policy allows this very style sheet and pictures in the page`() throws {
    let text = try study().page()
    let page = PageReader(text)
    let policy = try #require(
      page.elements.first { $0.attributes["http-equiv"] == "Content-Security-Policy" }?.attributes["content"])
    let rules = Dictionary(
      uniqueKeysWithValues: policy.split(separator: ";").map { rule in
        let words = rule.split(separator: " ")
        return (String(words[0]), words.dropFirst().map(String.init))
      })
    #expect(rules["default-src"] == ["'none'"] && rules["img-src"] == ["data:"])
    let sheet = text.split(separator: "<style>")[1].split(separator: "</style>")[0]
    let digest = Digest.sha256(String(sheet))
    let source = try #require(rules["style-src"]?.first).dropFirst("'sha256-".count).dropLast()
    let bytes = try #require(Data(base64Encoded: String(source)))
    #expect(bytes.map { String(format: "%02x", $0) }.joined() == digest)
  }

  @Test func `words of runs are text wherever they stand`() throws {
    let study = try Study()
    for (number, rate) in ["1", "\"<b>2</b>\""].enumerated() {
      let column = "<i>\(Self.hostile)</i>"
      try study.run(
        "x/v00\(number + 1)", rate: rate, extra: "\"<u>\(Self.hostile)\": \"\(number)\"\n", label: Self.hostile, column: column)
    }
    let page = PageReader(
      try study.page(title: Self.hostile, objective: Objective(metric: "<i>\(Self.hostile)</i>")))
    let ours: Set = [
      "html", "head", "meta", "title", "style", "body", "main", "header", "h1", "h2", "h3", "p", "section", "div", "table", "thead",
      "tbody", "tfoot", "tr", "th", "td", "span", "small", "svg", "g", "path", "text", "rect", "clipPath", "figure", "figcaption",
      "ul",
      "li", "wbr", "details", "summary", "img", "footer",
    ]
    #expect(Set(page.elements.map(\.name)).isSubset(of: ours))
    #expect(page.elements.filter { $0.name == "img" }.allSatisfy { $0.attributes["src"]?.hasPrefix("data:") == true })
    for text in [Self.hostile, "<i>\(Self.hostile)</i>", "<b>2</b>", "<u>\(Self.hostile)"] {
      #expect(page.texts.contains { $0.contains(text) }, "\(text)")
    }
  }

  @Test func `a run cannot have such a name, and a folder of that name is left out`() throws {
    #expect(RunName(Self.hostile) == nil)
    let study = try study()
    let folder = study.path + "/<img src=x onerror=alert(1)>"
    try FileManager.default.createDirectory(atPath: folder + "/v001", withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: study.path + "/x/v001/run.json", toPath: folder + "/v001/run.json")
    let page = PageReader(try study.page())
    #expect(page.texts.contains("1 folder is left out; see the end."))
    #expect(page.texts.contains { $0.contains("onerror=alert(1)> is not") || $0.contains("is not the name of a run") })
    #expect(page.elements.count { $0.name == "img" } == 4)
  }

  @Test func `many runs give a page of bounded size that says what it leaves out`() throws {
    let study = try Study()
    for number in 1...300 { try study.run("x/v\(number + 1000)", rate: "\(number)", hasSamples: number <= 20) }
    let text = try study.page()
    #expect(text.utf8.count < 1_000_000)
    let texts = PageReader(text).texts
    #expect(texts.contains("12 of 300 runs drawn: the first settings of the summary."))
    #expect(
      texts.contains { $0.hasPrefix("30 of 300 settings are shown") }
        && texts.contains { $0.hasPrefix("200 of 300 runs are listed") })
  }

  @Test func `words of any length make no long page`() throws {
    let study = try Study()
    let long = String(repeating: "&", count: 60_000)
    for number in 1...12 {
      try study.run("x/v0\(10 + number)", extra: "note: \"\(number)\(long)\"\n", label: long, hasSamples: false)
    }
    let text = try study.page()
    #expect(text.utf8.count < 300_000)
    #expect(PageReader(text).texts.contains(String(repeating: "&", count: 160) + "…"))
  }

  @Test func `what makes runs hard to compare is said`() throws {
    let study = try study()
    try study.run("x/v008", seed: 0, rate: "0.001", dataset: "e")
    try study.run("x/v010", seed: 0, rate: "0.001")
    let unfinished = try study.run("x/v009", seed: 5, rate: "0.001")
    try FileManager.default.removeItem(atPath: unfinished.generator)
    let texts = PageReader(try study.page()).texts
    #expect(texts.contains("1 of 6 runs has not reached the end."))
    #expect(texts.contains("1 run has the settings and the seed of another one and does not count."))
  }

  @Test func `runs without rows, without samples or with damaged ones still make a page`() throws {
    let study = try Study()
    let bare = try study.run("x/v001", hasSamples: false)
    try FileManager.default.removeItem(atPath: bare.metrics)
    let torn = try study.run("x/v002", rate: "2")
    try study.write("no picture", to: torn.sample(100))
    let damaged = try study.run("x/v003", rate: "3")
    try study.write("iteration,images,loss.generator\n1,2,3\nrubbish\n100,5,6\n", to: damaged.metrics)
    let page = PageReader(try study.page())
    #expect(page.elements.count { $0.name == "h1" } == 1)
    #expect(page.texts.contains("Rows that cannot be read: x/v003."))
    #expect(page.elements.count { $0.name == "img" } == 1)
  }

  @Test func `when no run can be read there is no page`() throws {
    let study = try Study()
    let run = try study.run("x/v001")
    try study.write("iteration,images,loss.generator\n10,160,rubbish\n", to: run.metrics)
    #expect { try study.page() } throws: { "\($0)".contains("there is no run to report on") }
  }

  @Test(arguments: ["1e308", "-1e308", "inf", "1e-320", "1000000000000000.1", "nan", "5e99"])
  func `no number breaks a chart`(number: String) throws {
    let study = try Study()
    for (index, rate) in [number, "1", "1e-300"].enumerated() {
      let run = try study.run("x/v00\(index + 1)", seed: UInt64(index), rate: rate)
      let rows = [number, "1", "-2", number, "1e300"].enumerated().map {
        "\($0 * 10),\($0 == 4 ? number : "\($0)"),1,4,\($1),\($1)\n"
      }
      try study.write("iteration,images,phase,resolution,loss.generator,swd_mean\n" + rows.joined(), to: run.metrics)
      try study.run("y/v00\(index + 1)", seed: UInt64(index), rate: "7", extra: "huge: \(number)\n", loss: Double(number) ?? 0)
    }
    #expect(PageReader(try study.page("x/*", "y/*")).elements.count { $0.name == "h1" } == 1)
    #expect(PageReader(try study.page("y/*")).elements.count { $0.name == "h1" } == 1)
  }

  @Test func `any column of a run may be the objective, a floor and a place too`() throws {
    let study = try Study()
    for (number, floors) in ["2,8", "1,9"].enumerated() {
      let run = try study.run("x/v00\(number + 1)", rate: "\(number + 1)")
      try study.write(
        "iteration,images,resolution,nearest,floor.nearest,swd_mean,floor.swd_mean\n100,160,8,3,\(floors),7\n", to: run.metrics)
    }
    for column in ["floor.nearest", "floor.swd_mean", "resolution", "images", "floor.none", "floor."] {
      let texts = PageReader(try study.page(objective: Objective(metric: column))).texts
      #expect(texts.contains { $0.hasPrefix("Sorted by \(column), lowest first") })
    }
    let order = PageReader(try study.page(objective: Objective(metric: "floor.nearest"))).texts
    #expect(order.filter { ["rate 1", "rate 2"].contains($0) }.prefix(2) == ["rate 2", "rate 1"])
  }

  @Test func `the objective of a sweep sorts its runs`() throws {
    let study = try Study()
    for (number, loss) in [3.0, 1, 2].enumerated() {
      let run = try study.run("s/v001/trials/t000\(number + 1)", rate: "\(number + 1)", loss: loss)
      var manifest = try Manifest(run, study.files)
      manifest.sweep = "s/v001"
      try manifest.write(to: run, study.files)
    }
    try study.write("version: 1\nobjective: {metric: loss.generator, goal: maximize}\n", to: study.path + "/s/v001/sweep.yaml")
    let texts = PageReader(try study.page("s")).texts
    #expect(texts.contains { $0.hasPrefix("Sorted by loss.generator, highest first") })
    let order = texts.filter { ["rate 1", "rate 2", "rate 3"].contains($0) }.prefix(3)
    #expect(Array(order) == ["rate 1", "rate 3", "rate 2"])
  }
}
