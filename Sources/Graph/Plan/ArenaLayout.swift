/// Places values in one block of memory: values that are never needed at the same step may share their place.
struct ArenaLayout {
  /// A value of `count` floats that is needed from step `first` to step `last`.
  struct Request {
    let count: Int
    let first: Int
    let last: Int
  }

  /// Offsets in floats, one per request.
  let offsets: [Int]
  /// Floats in all.
  let count: Int

  /// Floats between boundaries that are 64 bytes apart.
  private static let alignment = 16

  /// Largest first, each at the lowest offset that is free for its whole life.
  init(_ requests: [Request]) {
    var offsets = [Int](repeating: 0, count: requests.count)
    var placed: [(index: Int, range: Range<Int>)] = []
    let order = requests.indices.sorted { (requests[$0].count, $1) > (requests[$1].count, $0) }
    for index in order where requests[index].count > 0 {
      let request = requests[index]
      let size = (request.count + Self.alignment - 1) / Self.alignment * Self.alignment
      let taken =
        placed
        .filter { requests[$0.index].first <= request.last && request.first <= requests[$0.index].last }
        .map(\.range).sorted { $0.lowerBound < $1.lowerBound }
      var start = 0
      for range in taken {
        if range.lowerBound >= start + size { break }
        start = max(start, range.upperBound)
      }
      offsets[index] = start
      placed.append((index, start..<start + size))
    }
    self.offsets = offsets
    count = placed.map(\.range.upperBound).max() ?? 0
  }
}
