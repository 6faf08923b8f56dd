/// Lets elements be written inside each other; a string among them is text.
@resultBuilder
enum HTMLBuilder {
  static func buildExpression(_ piece: HTML) -> HTML { piece }
  static func buildExpression(_ text: String) -> HTML { HTML(text: text) }
  static func buildBlock(_ pieces: HTML...) -> HTML { HTML(pieces) }
  static func buildOptional(_ piece: HTML?) -> HTML { piece ?? HTML() }
  static func buildEither(first: HTML) -> HTML { first }
  static func buildEither(second: HTML) -> HTML { second }
  static func buildArray(_ pieces: [HTML]) -> HTML { HTML(pieces) }
}

/// The element `name` with these attributes and what is inside of it.
func tag(
  _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String> = [:], @HTMLBuilder _ content: () -> HTML = { HTML() }
) -> HTML {
  HTML(element: name, attributes, content: content())
}
