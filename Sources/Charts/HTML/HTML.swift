import Basics
import Foundation

/// A piece of HTML. Words of others, such as a run's label, become part of it only as text: markup is made of literals of this program
/// and of nothing else.
package struct HTML: Equatable, Sendable {
  /// The piece as it is in a file.
  package private(set) var markup = ""

  package init() {}

  /// `text` as it is to be read. Controls, which could hide or turn round what follows, appear escaped.
  package init(text: String) { markup = Self.escaped(text) }

  /// Markup of this program.
  package init(literal: StaticString) { markup = literal.description }

  /// `pieces` one after the other.
  package init(_ pieces: [HTML]) { markup = pieces.map(\.markup).joined() }

  /// Elements without content, which have no end tag.
  private static let voids: Set<String> = ["img", "meta", "wbr"]
  /// Attributes that can load, run or restyle something. ``image(png:width:height:alt:)`` alone writes the
  /// first one.
  private static let guarded: Set<String> = ["src", "href", "style", "srcset", "action", "formaction", "srcdoc", "background"]

  /// The element `name` with these attributes around `content`.
  package init(element name: StaticString, _ attributes: KeyValuePairs<StaticString, String>, content: HTML) {
    for (key, _) in attributes {
      let key = key.description
      precondition(!Self.guarded.contains(key) && !key.hasPrefix("on"), "the attribute '\(key)' is not for everyone")
    }
    self.init(name, attributes, content)
  }

  private init(_ name: StaticString, _ attributes: KeyValuePairs<StaticString, String>, _ content: HTML) {
    let start = attributes.map { " \($0.description)=\"\(Self.escaped($1))\"" }.joined()
    let isVoid = Self.voids.contains(name.description)
    precondition(!isVoid || content.markup.isEmpty, "'\(name)' holds nothing")
    markup = "<\(name)\(start)>" + (isVoid ? "" : content.markup + "</\(name)>")
  }

  /// As much of a text of unknown length as a table has room for.
  package static func cut(_ text: String) -> String {
    let start = text.unicodeScalars.prefix(longestCell + 1)
    return start.count <= longestCell ? text : String(start.dropLast()) + "…"
  }

  private static let longestCell = 160

  /// The name of a run, whose lines may end behind each `/`.
  package static func name(_ name: String) -> HTML {
    let steps = name.split(separator: "/", omittingEmptySubsequences: false).map { HTML(text: String($0)) }
    return HTML(Array(steps.map { [$0] }.joined(separator: [HTML(text: "/"), HTML("wbr", [:], HTML())])))
  }

  /// A picture that lies in the page itself, and what it shows in words.
  package static func image(png: [UInt8], width: Int, height: Int, alt: String) -> HTML {
    let data = "data:image/png;base64," + Data(png).base64EncodedString()
    return HTML("img", ["src": data, "width": String(width), "height": String(height), "alt": alt], HTML())
  }

  /// `text` without characters that mean something to a reader of HTML, in text as well as in a quoted attribute.
  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.printable.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
