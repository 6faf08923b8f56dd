import Basics

/// Groups of images that look alike.
///
/// Candidates are the pairs whose ``PerceptualHash`` is near, found by ``HashIndex``; each is decided by ``Likeness``. A group has a
/// leader, and all of its members are within the distance of the leader: never a chain in which the ends have nothing in common.
/// The leader is the image with the most look-alikes that are in no group yet (Hartigan 1975's leaders, the best first); among
/// equals the nearest to them, then the first in order.
package struct LookAlikes: Equatable, Sendable {
  /// Bits of the hash that candidates may differ in: 99 % of the images moved by 4 pixels of 256 in `scripts/dataset-trial`.
  static let hashRadius = 12

  /// One group, by the numbers of its images.
  package struct Group: Equatable, Sendable {
    package let leader: Int
    /// Ascending, the leader among them; two at least.
    package let members: [Int]
  }

  /// The largest group first, then by the leader.
  package let groups: [Group]

  /// The groups of `thumbnails`, whose hashes are `hashes`. Look-alikes differ in at most `distance` thousandths of their cells.
  /// The outcome depends on the order only where images are equal in everything else, and not on `threads`.
  package init(_ thumbnails: [Thumbnail], hashes: [PerceptualHash], distance: Double, threads: Int) {
    precondition(thumbnails.count == hashes.count, "\(thumbnails.count) images with \(hashes.count) hashes")
    let pairs = Self.pairs(thumbnails, HashIndex(hashes, radius: Self.hashRadius), limit: Self.cells(distance), threads: threads)
    groups = Self.group(pairs, count: thumbnails.count)
  }

  /// The cells that are `distance` thousandths of all.
  static func cells(_ distance: Double) -> Int { Int(distance * Double(Likeness.comparedCells) / 1000) }

  /// The distance of two images in thousandths of their cells, whatever their hashes.
  package static func distance(_ left: Thumbnail, _ right: Thumbnail) -> Double {
    let cells = Likeness(to: left).changedCells(from: right, limit: .max) ?? Likeness.comparedCells
    return Double(cells) * 1000 / Double(Likeness.comparedCells)
  }

  /// Two images that look alike.
  struct Pair: Equatable {
    /// `first` < `second`.
    let first: UInt32
    let second: UInt32
    let cells: UInt32
  }

  /// All pairs, by the second image, then the first. Images are dealt out in blocks, whose finds are put together in order.
  static func pairs(_ thumbnails: [Thumbnail], _ index: HashIndex, limit: Int, threads: Int) -> [Pair] {
    let block = 32
    var blocks = [[Pair]](repeating: [], count: (thumbnails.count + block - 1) / block)
    blocks.withUnsafeMutableBufferPointer { blocks in
      // Safe: worker w touches only the blocks w, w + threads, ...
      nonisolated(unsafe) let blocks = blocks
      Workers.perform(threads) { worker in
        var scratch: [UInt32] = []
        for number in stride(from: worker, to: blocks.count, by: threads) {
          var found: [Pair] = []
          for second in number * block..<min((number + 1) * block, thumbnails.count) {
            var likeness: Likeness?
            index.earlierNeighbours(of: second, scratch: &scratch) { first in
              let prepared = likeness ?? Likeness(to: thumbnails[second])
              likeness = prepared
              guard let cells = prepared.changedCells(from: thumbnails[first], limit: limit) else { return }
              found.append(Pair(first: UInt32(first), second: UInt32(second), cells: UInt32(cells)))
            }
          }
          blocks[number] = found
        }
      }
    }
    return blocks.flatMap { $0 }
  }

  /// The groups of `count` images of which `pairs` look alike.
  static func group(_ pairs: [Pair], count: Int) -> [Group] {
    var neighbours = [[(number: Int, cells: Int)]](repeating: [], count: count)
    for pair in pairs {
      neighbours[Int(pair.first)].append((Int(pair.second), Int(pair.cells)))
      neighbours[Int(pair.second)].append((Int(pair.first), Int(pair.cells)))
    }
    var isFree = [Bool](repeating: true, count: count)
    func rank(_ image: Int) -> Rank {
      let free = neighbours[image].filter { isFree[$0.number] }
      return Rank(image: image, neighbours: free.count, cells: free.reduce(0) { $0 + $1.cells })
    }
    // A rank only gets worse; one that has is put back in its place when it comes up.
    var queue = Heap((0..<count).filter { !neighbours[$0].isEmpty }.map(rank))
    var groups: [Group] = []
    while let best = queue.pop() {
      guard isFree[best.image] else { continue }
      let present = rank(best.image)
      guard present == best else {
        if present.neighbours > 0 { queue.push(present) }
        continue
      }
      let members = ([best.image] + neighbours[best.image].map(\.number).filter { isFree[$0] }).sorted()
      for member in members { isFree[member] = false }
      groups.append(Group(leader: best.image, members: members))
    }
    return groups.sorted { ($1.members.count, $0.leader) < ($0.members.count, $1.leader) }
  }

  /// How well an image would lead; the better comes first.
  struct Rank: Comparable {
    let image: Int
    let neighbours: Int
    let cells: Int

    static func < (left: Rank, right: Rank) -> Bool {
      (right.neighbours, left.cells, left.image) < (left.neighbours, right.cells, right.image)
    }
  }
}
