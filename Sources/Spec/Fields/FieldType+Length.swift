extension FieldType where Value == Int {
  /// A length in iterations, or with the unit `kimg` in thousands of images, rounded up to whole batches of `batch`.
  static func length(batch: Int) -> Self {
    let range = 0...SpecLimits.iterations.upperBound
    let expected = "a number of iterations up to \(range.upperBound), or of images as in 60kimg"
    let iterations = FieldType<Int>.integer(range)
    let withUnit = JSON.object([
      (key: "type", value: .string("string")),
      (key: "pattern", value: .string(#"^(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?kimg$"#)),
    ])
    return FieldType(
      expected: expected,
      schema: .object([(key: "anyOf", value: .array([iterations.schema, withUnit]))]),
      read: { node, value, reader in
        guard let text = node.numberText else { return reader.report(node, expected: expected, note: node.quotingNote) }
        do throws(NumberGrammar.Mistake) {
          let isInImages = text.hasSuffix("kimg")
          let count = isInImages ? try images(in: String(text.dropLast(4))) : try NumberGrammar.integer(text, as: Int.self)
          guard range.contains(count) else { return reader.report(node, expected: expected) }
          value = isInImages ? (count + batch - 1) / batch : count
        } catch {
          reader.report(node, expected: expected, mistake: error)
        }
      },
      write: iterations.write)
  }

  /// The images in this many thousands, rounded up unless only the binary fraction is to blame (0.07 x 1000 = 70.00000000000001).
  private static func images(in thousands: String) throws(NumberGrammar.Mistake) -> Int {
    let images = try NumberGrammar.number(thousands) * 1000
    let isWhole = abs(images - images.rounded()) < 1e-6
    guard let count = Int(exactly: images.rounded(isWhole ? .toNearestOrEven : .up)) else { throw .outOfRange }
    return count
  }
}
