extension FieldType where Value: FixedWidthInteger {
  /// An integer in `range`; `isAllowed` narrows it, as `words` say.
  package static func integer(
    _ range: ClosedRange<Value>, words: String? = nil, isAllowed: @escaping (Value) -> Bool = { _ in true }
  )
    -> Self
  {
    let expected =
      words
      ?? (range.lowerBound == range.upperBound
        ? "\(range.lowerBound)" : "an integer from \(range.lowerBound) to \(range.upperBound)")
    return FieldType(
      expected: expected,
      schema: .object([
        (key: "type", value: .string("integer")), (key: "minimum", value: .number(String(range.lowerBound))),
        (key: "maximum", value: .number(String(range.upperBound))),
      ]),
      read: { node, value, reader in
        guard let text = node.numberText else { return reader.report(node, expected: expected, note: node.quotingNote) }
        do throws(NumberGrammar.Mistake) {
          let integer = try NumberGrammar.integer(text, as: Value.self)
          guard range.contains(integer), isAllowed(integer) else { return reader.report(node, expected: expected) }
          value = integer
        } catch {
          // Unlike a number, an integer beyond 64 bits needs no explanation: the range says enough.
          reader.report(node, expected: expected, mistake: error == .outOfRange ? .notANumber : error)
        }
      },
      write: { .plain(String($0)) })
  }

  /// A power of two in `range`.
  package static func powerOfTwo(_ range: ClosedRange<Value>) -> Self {
    var powers = [range.lowerBound]
    while let last = powers.last, last <= range.upperBound / 2 { powers.append(last * 2) }
    let words = "a power of two from \(range.lowerBound) to \(range.upperBound)"
    var type = integer(range, words: words) { powers.contains($0) }
    type.schema = .object([(key: "enum", value: .array(powers.map { .number(String($0)) }))])
    return type
  }
}

extension FieldType where Value == Double {
  /// A finite number in `range`.
  package static func number(_ range: NumberRange) -> Self {
    let expected = "a number" + range.words
    return FieldType(
      expected: expected,
      schema: JSON.object([(key: "type", value: .string("number"))]).adding(range.keywords),
      read: { node, value, reader in
        guard let text = node.numberText else { return reader.report(node, expected: expected, note: node.quotingNote) }
        do throws(NumberGrammar.Mistake) {
          let number = try NumberGrammar.number(text)
          guard range.contains(number) else { return reader.report(node, expected: expected) }
          value = number
        } catch {
          reader.report(node, expected: expected, mistake: error)
        }
      },
      write: { .plain($0.spelled) })
  }
}

extension FieldType {
  /// Two of `bound`, the lower one first: `[1, 2]`. `blank` is what no bound can be, and stands where none could be read.
  static func ordered<Bound: Comparable>(
    _ bound: FieldType<Bound>, blank: Bound, isBlank: @escaping @Sendable (Bound) -> Bool, _ expected: String,
    spelled: @escaping @Sendable (Bound) -> String
  ) -> Self where Value == ClosedRange<Bound>, Bound: Sendable {
    let expected = "\(expected), the lower one first"
    return FieldType(
      expected: expected,
      schema: .object([
        (key: "type", value: .string("array")), (key: "items", value: bound.schema), (key: "minItems", value: .number("2")),
        (key: "maxItems", value: .number("2")),
      ]),
      read: { node, value, reader in
        guard case .sequence(let items) = node.content, items.count == 2 else { return reader.report(node, expected: expected) }
        var bounds = [blank, blank]
        for index in bounds.indices { reader.descend(String(index)) { bound.read(items[index], &bounds[index], &$0) } }
        guard !bounds.contains(where: isBlank) else { return }
        guard bounds[0] <= bounds[1] else {
          return reader.report(node.mark.error("\(reader.dottedPath) must be \(expected), not \(node.value.flow)"))
        }
        value = bounds[0]...bounds[1]
      },
      write: { .sequence([.plain(spelled($0.lowerBound)), .plain(spelled($0.upperBound))]) })
  }
}

extension FieldType where Value == ClosedRange<Double> {
  /// Two numbers in `range`, the lower one first: `[1, 2]`.
  package static func numbers(_ range: NumberRange) -> Self {
    ordered(.number(range), blank: .nan, isBlank: \.isNaN, "two numbers\(range.words)", spelled: \.spelled)
  }
}

extension Node {
  /// The text of a plain scalar; quoted text is never a number.
  var numberText: String? {
    if case .scalar(let text, isPlain: true) = content { text } else { nil }
  }

  /// Advice when a number stands in quotes.
  var quotingNote: String? {
    guard case .scalar(let text, isPlain: false) = content, (try? NumberGrammar.number(text)) != nil else { return nil }
    return "a number has no quotes"
  }
}

extension FieldReader {
  /// Reports a number that cannot be read.
  mutating func report(_ node: Node, expected: String, mistake: NumberGrammar.Mistake) {
    switch mistake {
    case .notANumber: report(node, expected: expected)
    case .meant(let text): report(node, expected: expected, suggestion: text)
    case .outOfRange: report(node, expected: expected, note: "it is too large or too small to compute with")
    }
  }
}
