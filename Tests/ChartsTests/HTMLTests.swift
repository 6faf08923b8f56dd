import Basics
import Testing
import TestSupport

@testable import Charts

@Suite struct HTMLTests {
  static let hostile = [
    "</script><img src=x onerror=alert(1)>", "\" onmouseover=\"alert(1)", "' style='background:url(http://x)", "&lt;b&gt;",
    "a & b < c > d",
    "]]><!--", "\u{202e}gnp.exe", "\u{0}\u{1b}[31m", "日本語 🙂 é", "", "line\nline", "{{7*7}}",
  ]

  @Test(arguments: hostile) func `any text reads back as itself, in text and in attributes`(text: String) throws {
    let page = PageReader(tag("p", ["title": text, "class": "x"]) { text }.markup)
    #expect(page.texts == (text.isEmpty ? [] : [text.printable]))
    #expect(page.elements.map(\.name) == ["p"])
    #expect(page.elements[0].attributes == ["title": text.printable, "class": "x"])
  }

  @Test func `elements nest, and loops and conditions are their content`() {
    let isThere = true
    let html = tag("ul") {
      for number in 1...2 { tag("li") { String(number) } }
      if isThere { tag("li") { "<" } } else { "no" }
    }
    #expect(html.markup == "<ul><li>1</li><li>2</li><li>&lt;</li></ul>")
  }

  @Test func `elements without content have no end`() {
    #expect(HTML.name("<a>/v001").markup == "&lt;a&gt;/<wbr>v001")
    #expect(tag("meta", ["charset": "utf-8"]).markup == "<meta charset=\"utf-8\">")
    #expect(HTML.image(png: [1, 2, 3], width: 4, height: 5, alt: "<").markup.hasPrefix("<img src=\"data:image/png;base64,AQID\" "))
  }

  @Test(arguments: ["src", "href", "style", "onclick"]) func `attributes that load or run are refused`(name: String) async {
    await #expect(processExitsWith: .failure) { [name] in
      switch name {
      case "src": _ = tag("img", ["src": "x"])
      case "href": _ = tag("a", ["href": "x"])
      case "style": _ = tag("p", ["style": "x"])
      default: _ = tag("p", ["onclick": "x"])
      }
    }
  }
}
