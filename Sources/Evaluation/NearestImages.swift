import Kernels

/// A search for the nearest of many images to each of a few, which looks through the many a portion at a time.
package struct NearestImages: Sendable {
  /// For each image its nearest one's number and the sum of their squared differences; nil before any was seen. Of equals the
  /// first.
  package private(set) var found: [(index: Int, squares: Int)?]

  private let images: ImageSet
  /// For each image the number of the one that it is not compared with.
  private let skipped: [Int]?

  /// A search for `images`, none of which is compared with the one that has its number in `skipped`.
  package init(of images: ImageSet, skipping skipped: [Int]? = nil) {
    precondition(skipped == nil || skipped?.count == images.count)
    self.images = images
    self.skipped = skipped
    found = Array(repeating: nil, count: images.count)
  }

  /// Compares with `others`, whose numbers begin with `first`.
  package mutating func look(through others: ImageSet, first: Int = 0, on lanes: Lanes) {
    precondition(others.side == images.side, "images of side \(others.side) and \(images.side)")
    let (images, skipped) = (images, skipped)
    found.withUnsafeMutableBufferPointer { found in
      nonisolated(unsafe) let found = found.baseAddress
      others.pixels.withUnsafeBufferPointer { pixels in
        nonisolated(unsafe) let pixels = pixels
        lanes.run(units: images.count) { unit in
          let skipped = skipped.map { $0[unit] - first }.flatMap { (0..<others.count).contains($0) ? $0 : nil }
          guard let nearest = images.withImage(unit, { NearestImage.find($0, among: pixels, skipping: skipped) }) else { return }
          if let before = found![unit], before.squares <= nearest.squares { return }
          found![unit] = (first + nearest.index, nearest.squares)
        }
      }
    }
  }
}
