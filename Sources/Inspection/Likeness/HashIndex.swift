/// Finds the hashes that lie within a radius of one: multi-index hashing (Norouzi, Punjani & Fleet 2012, "Fast search in Hamming
/// space with multi-index hashing").
///
/// Each hash stands in four tables, one for each 16 of its bits. Of two hashes within the radius `4 q + a`, `a` < 4, either one of
/// the first `a + 1` parts differs in at most `q` bits or one of the others in at most `q - 1`; so only the table's slots that near
/// are looked at, and what is found there is compared in full. A look-up takes about 1100 slots at radius 12, plus the hashes
/// in them: for hashes that are spread evenly that is constant up to some 65,000 hashes, then grows as `n / 65536`.
struct HashIndex: Sendable {
  private static let parts = 4
  private static let slots = 1 << 16

  let hashes: [PerceptualHash]
  let radius: Int
  /// For each part, the numbers of all hashes ordered by their 16 bits, ascending within a slot.
  private let members: [[UInt32]]
  /// For each part, where a slot's members begin.
  private let starts: [[UInt32]]
  /// For each part, what is to be flipped in 16 bits to reach all slots that may hold a neighbor.
  private let flips: [[UInt16]]

  /// An index of `hashes` for the radius 0...15.
  init(_ hashes: [PerceptualHash], radius: Int) {
    precondition((0...15).contains(radius), "a radius of \(radius) bits")
    self.hashes = hashes
    self.radius = radius
    var (members, starts): ([[UInt32]], [[UInt32]]) = ([], [])
    for part in 0..<Self.parts {
      var counts = [UInt32](repeating: 0, count: Self.slots + 1)
      for hash in hashes { counts[Int(Self.part(part, of: hash)) + 1] += 1 }
      for slot in 0..<Self.slots { counts[slot + 1] += counts[slot] }
      var next = counts
      var ordered = [UInt32](repeating: 0, count: hashes.count)
      for (number, hash) in hashes.enumerated() {
        let slot = Int(Self.part(part, of: hash))
        ordered[Int(next[slot])] = UInt32(number)
        next[slot] += 1
      }
      members.append(ordered)
      starts.append(counts)
    }
    self.members = members
    self.starts = starts
    let (quotient, rest) = radius.quotientAndRemainder(dividingBy: Self.parts)
    flips = (0..<Self.parts).map { part in
      let reach = part <= rest ? quotient : quotient - 1
      return (0..<UInt16.max).filter { $0.nonzeroBitCount <= reach } + (reach >= 16 ? [.max] : [])
    }
  }

  /// Calls `body` with every number below `number` whose hash is within the radius of that of `number`, ascending.
  func earlierNeighbors(of number: Int, scratch: inout [UInt32], _ body: (Int) -> Void) {
    scratch.removeAll(keepingCapacity: true)
    let hash = hashes[number]
    for part in 0..<Self.parts {
      let bits = Self.part(part, of: hash)
      starts[part].withUnsafeBufferPointer { starts in
        members[part].withUnsafeBufferPointer { members in
          for flip in flips[part] {
            let slot = Int(bits ^ flip)
            for index in starts[slot]..<starts[slot + 1] {
              let other = members[Int(index)]
              if other >= number { break }
              guard hashes[Int(other)].distance(to: hash) <= radius else { continue }
              // Once only: in the first part that leads there.
              if firstPart(from: hash, to: hashes[Int(other)]) == part { scratch.append(other) }
            }
          }
        }
      }
    }
    scratch.sort()
    for other in scratch { body(Int(other)) }
  }

  private func firstPart(from left: PerceptualHash, to right: PerceptualHash) -> Int? {
    let (quotient, rest) = radius.quotientAndRemainder(dividingBy: Self.parts)
    return (0..<Self.parts).first { part in
      (Self.part(part, of: left) ^ Self.part(part, of: right)).nonzeroBitCount <= (part <= rest ? quotient : quotient - 1)
    }
  }

  private static func part(_ part: Int, of hash: PerceptualHash) -> UInt16 {
    UInt16(truncatingIfNeeded: hash.bits >> UInt64(16 * part))
  }
}
