import Basics
import Kernels

/// The training images at the resolution of an evaluation, and which of them metrics compare with.
package struct RealImages {
  /// Every image, without augmentation, in the dataset's order.
  package let images: ImageSet
  /// The numbers of all images in a random order that does not change in the course of a run.
  package let order: [Int]
  /// Images that an evaluation asks for.
  package let asked: Int
  /// Where the random numbers of an evaluation come from.
  package let seed: UInt64
  package let lanes: Lanes

  /// All of `images`, at their own side.
  package init(_ images: ImageSet, asked: Int, seed: UInt64, lanes: Lanes) {
    (self.images, self.asked, self.seed, self.lanes) = (images, asked, seed, lanes)
    var stream = RandomStream(seed: seed, name: "evaluation.order")
    order = stream.permutation(of: images.count)
  }

  /// As many as are asked for and there are, at random.
  package var chosen: ArraySlice<Int> { order.prefix(asked) }

  /// Two sets of equal size that share no image: as many in each as are asked for, but at most half of all.
  package var halves: (first: ArraySlice<Int>, second: ArraySlice<Int>) {
    let count = min(asked, order.count / 2)
    return (order[0..<count], order[count..<2 * count])
  }

  /// A random stream of an evaluation, from its beginning.
  package func stream(_ name: String) -> RandomStream { RandomStream(seed: seed, name: "evaluation.\(name)") }
}
