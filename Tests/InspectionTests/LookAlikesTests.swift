import Basics
import Images
import Runs
import Testing

@testable import Inspection

@Suite struct LookAlikesTests {
  private func distance(_ left: RGBImage, _ right: RGBImage) -> Double {
    LookAlikes.distance(Thumbnail(left), Thumbnail(right))
  }

  @Test(arguments: UInt64(1)...5) func `a distance is the same both ways, and nothing from an image to itself`(seed: UInt64) {
    let (left, right) = (drawing(seed), drawing(seed + 100))
    #expect(distance(left, left) == 0)
    #expect(distance(left, right) == distance(right, left))
    #expect(distance(left, right) > 50)
  }

  @Test(arguments: [(2, 0), (0, -2), (2, 2), (-2, 2)]) func `moving by a cell costs nothing`(right: Int, down: Int) {
    let image = drawing(4)  // 128 pixels: 2 a cell
    let other = moved(image, right: right, down: down)
    #expect(other != image)
    #expect(distance(image, other) == 0)
  }

  @Test func `a slight change of color costs nothing, a strong one much`() {
    let image = mapped(drawing(5)) { $0 / 2 + 20 }
    #expect(distance(image, mapped(image) { $0 + 20 }) == 0)
    #expect(distance(image, mapped(image) { $0 + 70 }) > 500)
  }

  @Test func `a stroke costs the cells that it covers`() {
    let image = RGBImage(width: 128, height: 128, gray: 255)
    var stroked = image
    fill(&stroked, x: 40, y: 60, width: 24, height: 2, [0, 0, 0])
    #expect(distance(image, stroked) == 12.0 * 1000 / 3844)
  }

  @Test func `what is beyond the limit is not measured`() {
    let likeness = Likeness(to: Thumbnail(drawing(1)))
    let other = Thumbnail(drawing(2))
    let cells = try! #require(likeness.changedCells(from: other, limit: .max))
    #expect(likeness.changedCells(from: other, limit: cells) == cells)
    #expect(likeness.changedCells(from: other, limit: cells - 1) == nil)
  }

  /// Three drawings with five variants each, and ten that stand alone.
  private var family: [(name: String, image: RGBImage)] {
    var images = (UInt64(50)..<60).map { ("single\($0)", drawing($0)) }
    for seed: UInt64 in 1...3 {
      images.append(("leader\(seed)", drawing(seed)))
      for number in 0..<5 {
        var variant = drawing(seed)
        fill(&variant, x: 8 + 20 * number, y: 100, width: 14, height: 3, [0, 0, 0])
        images.append(("variant\(seed)-\(number)", variant))
      }
    }
    return images
  }

  private func groups(_ images: [(name: String, image: RGBImage)], threads: Int = 1) -> Set<Set<String>> {
    let thumbnails = images.map { Thumbnail($0.image) }
    let found = LookAlikes(thumbnails, hashes: thumbnails.map(PerceptualHash.init), distance: 8, threads: threads)
    #expect(found.groups.allSatisfy { $0.members.contains($0.leader) && $0.members == $0.members.sorted() })
    return Set(found.groups.map { Set($0.members.map { images[$0].name }) })
  }

  @Test func `variants are grouped with their drawing, others with nobody, in any order and on any threads`() {
    let expected = Set((1...3).map { seed in Set(["leader\(seed)"] + (0..<5).map { "variant\(seed)-\($0)" }) })
    #expect(groups(family) == expected)
    for seed: UInt64 in 1...5 {
      var stream = RandomStream(seed: seed, name: "test.order")
      let shuffled = stream.permutation(of: family.count).map { family[$0] }
      #expect(groups(shuffled, threads: Int(seed)) == expected)
    }
  }

  @Test(arguments: UInt64(1)...5) func `where there are too many pairs, each image is near the first of its kind`(seed: UInt64) {
    var stream = RandomStream(seed: seed, name: "test.order")
    let shuffled = stream.permutation(of: family.count).map { family[$0] }
    let thumbnails = shuffled.map { Thumbnail($0.image) }
    let hashes = thumbnails.map(PerceptualHash.init)
    let found = LookAlikes(thumbnails, hashes: hashes, distance: 8, threads: 3, mostPairs: 3)
    #expect(LookAlikes.pairs(thumbnails, HashIndex(hashes, radius: 12), limit: LookAlikes.cells(8), threads: 3, most: 3) == nil)
    for group in found.groups {
      #expect(group.leader == group.members[0] && group.members == group.members.sorted() && group.members.count > 1)
      for member in group.members { #expect(LookAlikes.distance(thumbnails[group.leader], thumbnails[member]) <= 8) }
    }
    // No two that lead look alike.
    let followers = Set(found.groups.flatMap { $0.members.dropFirst() })
    let others = thumbnails.indices.filter { !followers.contains($0) }
    for (place, second) in others.enumerated() {
      for first in others[..<place] where hashes[first].distance(to: hashes[second]) <= LookAlikes.hashRadius {
        #expect(LookAlikes.distance(thumbnails[first], thumbnails[second]) > 8)
      }
    }
  }

  @Test func `pairs are those that comparing all finds`() throws {
    let thumbnails = family.map { Thumbnail($0.image) }
    let hashes = thumbnails.map(PerceptualHash.init)
    let found = LookAlikes.pairs(thumbnails, HashIndex(hashes, radius: 12), limit: 30, threads: 3)
    var expected: [LookAlikes.Pair] = []
    for second in thumbnails.indices {
      for first in 0..<second where hashes[first].distance(to: hashes[second]) <= 12 {
        guard let cells = Likeness(to: thumbnails[first]).changedCells(from: thumbnails[second], limit: 30) else { continue }
        expected.append(LookAlikes.Pair(first: UInt32(first), second: UInt32(second), cells: UInt32(cells)))
      }
    }
    #expect(try !#require(found).isEmpty)
    #expect(found == expected)
  }

  @Test func `a chain is no group: all members are near the leader`() {
    let chain = (0..<9).map { LookAlikes.Pair(first: $0, second: $0 + 1, cells: 1) }
    let groups = LookAlikes.group(chain, count: 10)
    #expect(groups.map(\.members) == [[0, 1, 2], [3, 4, 5], [6, 7, 8]])
    #expect(groups.map(\.leader) == [1, 4, 7])
  }

  @Test(arguments: UInt64(1)...20) func `groups of random pairs keep their law`(seed: UInt64) {
    var stream = RandomStream(seed: seed, name: "test.pairs")
    var pairs: [LookAlikes.Pair] = []
    for second in 1..<40 {
      for first in 0..<second where stream.below(12) == 0 {
        pairs.append(LookAlikes.Pair(first: UInt32(first), second: UInt32(second), cells: UInt32(stream.below(30))))
      }
    }
    let groups = LookAlikes.group(pairs, count: 40)
    let isPair = Set(pairs.map { [Int($0.first), Int($0.second)] })
    for group in groups {
      #expect(group.members.count > 1)
      for member in group.members where member != group.leader {
        #expect(isPair.contains([min(member, group.leader), max(member, group.leader)]))
      }
    }
    let members = groups.flatMap(\.members)
    #expect(Set(members).count == members.count)
    // Nobody is left over who has a look-alike that is left over.
    let alone = Set(0..<40).subtracting(members)
    #expect(!isPair.contains { alone.contains($0[0]) && alone.contains($0[1]) })
    #expect(groups.map(\.members.count) == groups.map(\.members.count).sorted(by: >))
  }

  @Test func `a heap gives its elements in order`() {
    var stream = RandomStream(seed: 1, name: "test.heap")
    let numbers = (0..<200).map { _ in stream.below(50) }
    var heap = Heap(Array(numbers[..<120]))
    for number in numbers[120...] { heap.push(number) }
    var sorted: [Int] = []
    while let number = heap.pop() { sorted.append(number) }
    #expect(sorted == numbers.sorted())
  }
}
