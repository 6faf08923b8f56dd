import Basics

/// A part of a training, in the unit in which a spec gives it.
package enum TrainingSpan: Equatable, Sendable {
  case iterations(Int)
  /// Real images that are shown.
  case images(Int)

  package static let none = TrainingSpan.iterations(0)

  /// As a spec writes it: `500`, `10kimg`.
  package var spelled: String {
    switch self {
    case .iterations(let count): String(count)
    case .images(let count):
      count % 1000 == 0 ? "\(count / 1000)kimg" : (Double(count) / 1000).spelled + "kimg"
    }
  }
}

extension FieldType where Value == TrainingSpan {
  /// A number of iterations, or with the unit `kimg` of thousands of images.
  static var span: Self {
    let images = FieldType<Int>.length(batch: 1)
    return FieldType(
      expected: images.expected, schema: images.schema,
      read: { node, value, reader in
        var count = -1
        images.read(node, &count, &reader)
        guard count >= 0 else { return }
        value = node.numberText?.hasSuffix("kimg") == true ? .images(count) : .iterations(count)
      },
      write: { .plain($0.spelled) })
  }
}
