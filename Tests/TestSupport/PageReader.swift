import Testing

/// The elements and texts of a page of ours, read back as a browser would: what it does not understand is an issue.
package struct PageReader {
  package struct Element: Equatable {
    package let name: String
    package let attributes: [String: String]
  }

  package private(set) var elements: [Element] = []
  /// The texts between tags that are not empty, in their order.
  package private(set) var texts: [String] = []

  package init(_ page: String) {
    var rest = Substring(page)
    var open: [String] = []
    while !rest.isEmpty {
      // What a style sheet holds is no markup.
      let text = open.last == "style" ? rest.prefix(upTo: rest.range(of: "</style>")!.lowerBound) : rest.prefix { $0 != "<" }
      rest = rest.dropFirst(text.count)
      if !text.isEmpty { texts.append(Self.decoded(text)) }
      guard let end = Self.end(of: rest) else {
        if !rest.isEmpty { Issue.record("no end of \(rest.prefix(40))") }
        break
      }
      let inside = rest[rest.index(after: rest.startIndex)..<end]
      rest = rest[rest.index(after: end)...]
      if inside.hasPrefix("!") { continue }
      if inside.hasPrefix("/") {
        #expect(open.popLast() == String(inside.dropFirst()))
        continue
      }
      let element = Self.element(inside)
      elements.append(element)
      if !["img", "meta", "wbr"].contains(element.name) { open.append(element.name) }
    }
    #expect(open.isEmpty)
  }

  /// The `>` that ends a tag: not one in quotes.
  private static func end(of tag: Substring) -> Substring.Index? {
    var isQuoted = false
    return tag.indices.first { index in
      if tag[index] == "\"" { isQuoted.toggle() }
      return tag[index] == ">" && !isQuoted
    }
  }

  private static func element(_ tag: Substring) -> Element {
    let name = tag.prefix { $0 != " " }
    var (attributes, rest) = ([String: String](), tag.dropFirst(name.count))
    while rest.first == " " {
      let key = rest.dropFirst().prefix { $0 != "=" }
      rest = rest.dropFirst(key.count + 1)
      #expect(rest.hasPrefix("=\""), "an attribute without quotes: \(rest.prefix(40))")
      let value = rest.dropFirst(2).prefix { $0 != "\"" }
      rest = rest.dropFirst(value.count + 3)
      #expect(attributes.updateValue(decoded(value), forKey: String(key)) == nil, "\(key) is there twice")
    }
    return Element(name: String(name), attributes: attributes)
  }

  /// Characters that stand for themselves, and the five entities.
  private static func decoded(_ text: Substring) -> String {
    let names = ["&lt;": "<", "&gt;": ">", "&quot;": "\"", "&#39;": "'", "&amp;": "&"]
    var (result, rest) = ("", text)
    while let first = rest.first {
      let entity = first == "&" ? rest.prefix { $0 != ";" } + ";" : ""
      if let character = names[String(entity)] {
        result += character
        rest = rest.dropFirst(entity.count)
      } else {
        result.append(first)
        rest = rest.dropFirst()
      }
    }
    return result
  }
}
