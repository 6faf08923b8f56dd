import Basics
import Comparison

/// A value of JSON. JSON has no `nan` and no infinities, so these are words as in the CSV.
enum JSONValue: Encodable {
  case integer(Int)
  case number(Double)
  case word(String)
  case truth(Bool)
  case list([String])

  /// A number, or the word for what is none.
  init(_ number: Double) { self = number.isFinite ? .number(number) : .word(CSV.number(number)) }

  /// What is in a cell of a table; nil when it is empty.
  init?(_ cell: CSVCell) {
    switch cell {
    case .empty: return nil
    case .integer(let value): self = .integer(value)
    case .float(let value): self.init(Double(value))
    case .double(let value): self.init(value)
    case .text(let text):
      guard !text.isEmpty else { return nil }
      self = .word(text)
    }
  }

  /// The value of a setting as a resolved spec spells it.
  init(setting text: String) {
    switch (Int(text), Cell(setting: text), Bool(text)) {
    case (let value?, _, _): self = .integer(value)
    case (_, .number(let value), _): self = .number(value)
    case (_, _, let value?): self = .truth(value)
    default: self = .word(text)
    }
  }

  func encode(to encoder: any Encoder) throws {
    var value = encoder.singleValueContainer()
    switch self {
    case .integer(let number): try value.encode(number)
    case .number(let number): try value.encode(number)
    case .word(let word): try value.encode(word)
    case .truth(let isTrue): try value.encode(isTrue)
    case .list(let words): try value.encode(words)
    }
  }
}
