import Testing

@testable import CLI

@Suite struct LiveTableTests {
  private let summary = "rates/v001: 5 of 24 trials done, 12 running"

  private func table(_ rows: Int) -> [String] {
    ["TRIAL  STATUS"] + (0..<rows).map { "    \($0)  running \(String(repeating: "x", count: 90))" }
  }

  @Test(arguments: 1...40) func `a table takes all rows of the terminal but one at most`(rows: Int) {
    for columns in [1, 20, 80, 200] {
      for trials in [0, 1, 5, 12, 100] {
        let size = LiveTable.Size(rows: rows, columns: columns)
        let lines = LiveTable.fitted(table(trials), summary: [summary], in: size)
        #expect(lines.count <= max(1, rows - 1) && lines.allSatisfy { $0.count <= max(1, columns - 1) })
        #expect(summary.hasPrefix(lines.last ?? "-"))
        let shown = lines.count { $0.contains("running ") }
        if columns == 200, trials + 2 > rows - 1, rows > 4 {
          #expect(lines.dropLast().last == "and \(trials - shown) more running" && shown > 0)
        }
        var live = LiveTable()
        _ = live.replace(with: lines, in: size)
        let erased = live.erase(in: LiveTable.Size(rows: max(1, rows / 2), columns: max(1, columns / 3)))
        let up = Int(erased.drop { $0 != "[" }.dropFirst().prefix { $0.isNumber }) ?? 0
        #expect(up <= max(0, rows / 2 - 1) || rows < 2, "the cursor is sent up by \(up) of \(rows / 2) rows")
        #expect(live.shown.isEmpty)
      }
    }
  }

  @Test func `a line that a narrower terminal wraps is taken away with all its rows`() {
    var live = LiveTable()
    #expect(live.replace(with: ["123456789", "1"], in: LiveTable.Size(rows: 9, columns: 10)) == "123456789\n1\n")
    #expect(live.replace(with: ["a"], in: LiveTable.Size(rows: 9, columns: 5)) == "\r\u{1b}[3A\u{1b}[Ja\n")
    #expect(live.erase(in: LiveTable.Size(rows: 9, columns: 5)) == "\r\u{1b}[1A\u{1b}[J")
  }

  @Test func `characters that take two columns count as two`() {
    #expect(LiveTable.fitted(["漢字漢字"], summary: ["x"], in: LiveTable.Size(rows: 9, columns: 6)) == ["漢字", "x"])
  }
}
