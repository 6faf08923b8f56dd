import Foundation
import Testing

/// What a real browser makes of a page. Skipped where there is none.
@Suite struct BrowserTests {
  private static let browser = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  @Test(.enabled(if: browser != nil, "Chromium is not installed"))
  func `a browser shows text as text and has nothing to complain about`() throws {
    let study = try Study()
    let label = "</script><img src=x onerror=\"document.title='owned'\">"
    try study.run("x/v001", label: label)
    try study.run("x/v002", rate: "0.01", label: label)
    try study.write(try study.page(title: "a page"), to: study.path + "/page.html")
    let process = Process()
    process.executableURL = URL(filePath: try #require(Self.browser))
    // A network that is not there: a page that needs one would complain.
    process.arguments = [
      "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
      "--proxy-server=127.0.0.1:9",
      "--user-data-dir=\(study.path)/profile", "--enable-logging=stderr", "--v=0", "--dump-dom", "file://\(study.path)/page.html",
    ]
    let outputs = ["dom", "log"].map { study.path + "/" + $0 }
    for path in outputs { _ = FileManager.default.createFile(atPath: path, contents: nil) }
    process.standardOutput = FileHandle(forWritingAtPath: outputs[0])
    process.standardError = FileHandle(forWritingAtPath: outputs[1])
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    let (dom, log) = (
      try String(contentsOfFile: outputs[0], encoding: .utf8), try String(contentsOfFile: outputs[1], encoding: .utf8)
    )
    #expect(!log.contains("CONSOLE") && !log.contains("Refused") && !log.contains("violates"), "\(log)")
    #expect(dom.contains("<title>a page</title>") && dom.contains("&lt;/script&gt;&lt;img src=x"))
    #expect(dom.contains("</html>"))
  }
}
