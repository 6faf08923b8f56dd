import Basics
import Synchronization

/// Groups of images that look alike.
///
/// Candidates are the pairs whose ``PerceptualHash`` is near, found by ``HashIndex``; each is decided by ``Likeness``. A group has a
/// leader, and all of its members are within the distance of the leader: never a chain in which the ends have nothing in common.
/// The leader is the image with the most look-alikes that are in no group yet (Hartigan 1975's leaders, the best first); among
/// equals the nearest to them, then the first in order. Where there are more than ``mostPairs``, as among the frames of a film, time
/// and memory would grow with the square of the images: there the leaders are the first of their groups in order instead.
package struct LookAlikes: Equatable, Sendable {
  /// Bits of the hash that candidates may differ in: 99 % of the images moved by 4 pixels of 256 in `scripts/python dataset_trial.py`.
  static let hashRadius = 12

  /// Pairs of look-alikes of which all are known before the leaders are chosen: those of some 2,800 images that all look alike.
  static let mostPairs = 4_000_000

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
    self.init(thumbnails, hashes: hashes, distance: distance, threads: threads, mostPairs: Self.mostPairs)
  }

  init(_ thumbnails: [Thumbnail], hashes: [PerceptualHash], distance: Double, threads: Int, mostPairs: Int) {
    precondition(thumbnails.count == hashes.count, "\(thumbnails.count) images with \(hashes.count) hashes")
    let (index, limit) = (HashIndex(hashes, radius: Self.hashRadius), Self.cells(distance))
    if let pairs = Self.pairs(thumbnails, index, limit: limit, threads: threads, most: mostPairs) {
      groups = Self.group(pairs, count: thumbnails.count)
    } else {
      groups = Self.groupInOrder(thumbnails, hashes, limit: limit)
    }
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

  /// All pairs, by the second image, then the first; nil when there are more than `most`. Images are dealt out in blocks, whose finds
  /// are put together in order.
  static func pairs(_ thumbnails: [Thumbnail], _ index: HashIndex, limit: Int, threads: Int, most: Int = mostPairs) -> [Pair]? {
    let block = 32
    let count = Atomic(0)
    var blocks = [[Pair]](repeating: [], count: (thumbnails.count + block - 1) / block)
    blocks.withUnsafeMutableBufferPointer { blocks in
      // Safe: worker w touches only the blocks w, w + threads, ...
      nonisolated(unsafe) let blocks = blocks
      Workers.perform(threads) { worker in
        var scratch: [UInt32] = []
        for number in stride(from: worker, to: blocks.count, by: threads) where count.load(ordering: .relaxed) <= most {
          var found: [Pair] = []
          for second in number * block..<min((number + 1) * block, thumbnails.count) {
            var likeness: Likeness?
            index.earlierNeighbors(of: second, scratch: &scratch) { first in
              let prepared = likeness ?? Likeness(to: thumbnails[second])
              likeness = prepared
              guard let cells = prepared.changedCells(from: thumbnails[first], limit: limit) else { return }
              found.append(Pair(first: UInt32(first), second: UInt32(second), cells: UInt32(cells)))
            }
          }
          count.add(found.count, ordering: .relaxed)
          blocks[number] = found
        }
      }
    }
    return count.load(ordering: .relaxed) > most ? nil : blocks.flatMap { $0 }
  }

  /// The groups whose leaders are the first of their kind: an image joins the first leader that it looks like, or becomes one.
  static func groupInOrder(_ thumbnails: [Thumbnail], _ hashes: [PerceptualHash], limit: Int) -> [Group] {
    var leaders: [Int] = []
    var members: [[Int]] = []
    for image in thumbnails.indices {
      var likeness: Likeness?
      let known = leaders.firstIndex { leader in
        guard hashes[leader].distance(to: hashes[image]) <= hashRadius else { return false }
        let prepared = likeness ?? Likeness(to: thumbnails[image])
        likeness = prepared
        return prepared.changedCells(from: thumbnails[leader], limit: limit) != nil
      }
      if let known {
        members[known].append(image)
      } else {
        leaders.append(image)
        members.append([image])
      }
    }
    return zip(leaders, members).filter { $1.count > 1 }.map { Group(leader: $0, members: $1) }.sorted(by: isBefore)
  }

  private static func isBefore(_ left: Group, _ right: Group) -> Bool {
    (right.members.count, left.leader) < (left.members.count, right.leader)
  }

  /// The groups of `count` images of which `pairs` look alike.
  static func group(_ pairs: [Pair], count: Int) -> [Group] {
    var neighbors = [[(number: Int, cells: Int)]](repeating: [], count: count)
    for pair in pairs {
      neighbors[Int(pair.first)].append((Int(pair.second), Int(pair.cells)))
      neighbors[Int(pair.second)].append((Int(pair.first), Int(pair.cells)))
    }
    var isFree = [Bool](repeating: true, count: count)
    func rank(_ image: Int) -> Rank {
      let free = neighbors[image].filter { isFree[$0.number] }
      return Rank(image: image, neighbors: free.count, cells: free.reduce(0) { $0 + $1.cells })
    }
    // A rank only gets worse; one that has is put back in its place when it comes up.
    var queue = Heap((0..<count).filter { !neighbors[$0].isEmpty }.map(rank))
    var groups: [Group] = []
    while let best = queue.pop() {
      guard isFree[best.image] else { continue }
      let present = rank(best.image)
      guard present == best else {
        if present.neighbors > 0 { queue.push(present) }
        continue
      }
      let members = ([best.image] + neighbors[best.image].map(\.number).filter { isFree[$0] }).sorted()
      for member in members { isFree[member] = false }
      groups.append(Group(leader: best.image, members: members))
    }
    return groups.sorted(by: isBefore)
  }

  /// How well an image would lead; the better comes first.
  struct Rank: Comparable {
    let image: Int
    let neighbors: Int
    let cells: Int

    static func < (left: Rank, right: Rank) -> Bool {
      (right.neighbors, left.cells, left.image) < (left.neighbors, right.cells, right.image)
    }
  }
}
