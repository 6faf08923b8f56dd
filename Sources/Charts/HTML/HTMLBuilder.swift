/// Lets elements be written inside each other; a string among them is text.
@resultBuilder
package enum HTMLBuilder {
  package static func buildExpression(_ piece: HTML) -> HTML { piece }
  package static func buildExpression(_ text: String) -> HTML { HTML(text: text) }
  package static func buildBlock(_ pieces: HTML...) -> HTML { HTML(pieces) }
  package static func buildOptional(_ piece: HTML?) -> HTML { piece ?? HTML() }
  package static func buildEither(first: HTML) -> HTML { first }
  package static func buildEither(second: HTML) -> HTML { second }
  package static func buildArray(_ pieces: [HTML]) -> HTML { HTML(pieces) }
}

/// The element `name` with these attributes and what is inside of it.
package func tag(
  _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String> = [:], @HTMLBuilder _ content: () -> HTML = { HTML() }
) -> HTML {
  HTML(element: name, attributes, content: content())
}
