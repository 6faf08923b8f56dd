import Basics
import Kernels

/// The training images of an evaluation, and which of them metrics compare with.
package struct RealImages: Sendable {
  /// Side at which images are evaluated.
  package let side: Int
  /// Images of which ``chosen`` and ``halves`` are, at ``side``: some of all, in a random order that does not change in the course of
  /// a run. They are not copied when ``side`` is the dataset's own.
  package let sample: ImageSet
  /// The numbers that the images of ``sample`` have in the dataset.
  package let numbers: [Int]
  /// Every image in the dataset's order, at the dataset's side.
  private let all: ImageSet
  /// Images that an evaluation asks for.
  package let asked: Int
  /// Where the random numbers of an evaluation come from.
  package let seed: UInt64
  package let lanes: Lanes

  /// `images` without augmentation, evaluated at `side`, which divides theirs.
  package init(_ images: ImageSet, side: Int, asked: Int, seed: UInt64, lanes: Lanes) {
    all = images
    self.side = side
    self.asked = asked
    self.seed = seed
    self.lanes = lanes
    var stream = RandomStream(seed: seed, name: "evaluation.order")
    numbers = Array(stream.permutation(of: images.count).prefix(2 * asked))
    sample = images.choosing(numbers).pooled(to: side, on: lanes)
  }

  /// All images, also those that are not in the sample.
  package var count: Int { all.count }

  /// As many of the sample as are asked for and there are.
  package var chosen: Range<Int> { 0..<min(asked, sample.count) }

  /// Two sets of the sample, equally large, that share no image: as many in each as are asked for, but at most half of all.
  package var halves: (first: Range<Int>, second: Range<Int>) {
    let count = min(asked, sample.count / 2)
    return (0..<count, count..<2 * count)
  }

  /// The images with these numbers in the dataset, averaged down to `side`.
  package func small(_ numbers: [Int], side: Int) -> ImageSet { all.choosing(numbers).pooled(to: side, on: lanes) }

  /// Images that are in memory at a time while all are looked through.
  static let portion = 4096

  /// Calls `body` with all images in turn, averaged down to `side`, a portion at a time, and the number of the portion's first image.
  package func forEachPortion(side: Int, _ body: (_ images: ImageSet, _ first: Int) -> Void) {
    for first in stride(from: 0, to: count, by: Self.portion) {
      body(small(Array(first..<min(first + Self.portion, count)), side: side), first)
    }
  }

  /// A random stream of an evaluation, from its beginning.
  package func stream(_ name: String) -> RandomStream { RandomStream(seed: seed, name: "evaluation.\(name)") }
}
