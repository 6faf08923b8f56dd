import Foundation

/// One JSON object on one line, keys sorted and in snake case, and nothing in it that a terminal acts on.
enum JSONLine {
  static func text(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.nonConformingFloatEncodingStrategy = .convertToString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    // The encoder escapes what JSON asks for; controls above that are only in strings, where they can be escaped as well.
    var text = ""
    for scalar in String(decoding: try encoder.encode(value), as: UTF8.self).unicodeScalars {
      if scalar.isControl { text += "\\u" + String(format: "%04x", scalar.value) } else { text.unicodeScalars.append(scalar) }
    }
    return text
  }
}
