import Basics
import Spec

/// What `data.limit` leaves of a folder's usable images: so many of them, chosen at random by `data.limit_seed`, whatever the experiment's own
/// seed. The choice depends on the paths of the files alone.
struct ImageLimit {
  private let count: Int
  private let seed: UInt64

  /// Nil where all images stay.
  init?(_ spec: DataSpec) {
    guard let limit = spec.limit else { return nil }
    (count, seed) = (limit, spec.limitSeed ?? 0)
  }

  /// Notes which of `files`, in the order of their paths, are left out: all but the first that can be used in a random order.
  ///
  /// - Parameter broken: paths of files that have turned out to be no usable images.
  func apply(to files: inout [ImageFile], broken: Set<ByteText>) {
    let candidates = files.indices.filter { files[$0].skipReason == nil }
    var stream = RandomStream(seed: seed, name: "data.limit")
    let order = stream.permutation(of: candidates.count).map { candidates[$0] }
    var left = count
    for index in order where !broken.contains(ByteText(files[index].path)) {
      if left > 0 { left -= 1 } else { files[index].skipReason = .beyondLimit(count) }
    }
  }
}
