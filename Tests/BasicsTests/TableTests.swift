import Basics
import Testing

@Suite struct TableTests {
  @Test(arguments: UInt64(0)..<40) func `lines have room where texts can be cut, and columns go by their rank`(seed: UInt64) {
    var stream = RandomStream(seed: seed, name: "test.tables")
    let columns = (0..<1 + stream.below(7)).map { number in
      Table.Column("T\(number)", stream.below(2) == 0 ? .left : .right, isOptional: stream.below(3) == 0, rank: stream.below(4))
    }
    var table = Table(columns)
    for _ in 0..<stream.below(5) {
      table.append(columns.map { _ in String(repeating: "ä", count: stream.below(4) == 0 ? 0 : stream.below(30)) })
    }
    for width in 1...120 {
      let hidden = table.hidden(width: width)
      let ranks = columns.filter { hidden.contains($0.title) }.map(\.rank)
      #expect(!ranks.contains(0))
      let lines = table.text(width: width).split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      #expect(lines.count == table.count + 1)
      let kept = columns.filter { !hidden.contains($0.title) && lines[0].split(separator: " ").contains(Substring($0.title)) }
      // Whatever is kept with a rank has its room, or nothing is left that might go.
      if let least = ranks.min(), let most = kept.map(\.rank).max() { #expect(least >= most) }
      let isTooLong = lines.contains { $0.count > width }
      if isTooLong { #expect(kept.allSatisfy { $0.rank == 0 }) }
      if !isTooLong || kept.contains(where: { $0.alignment == .left }) {
        // Eight characters of each text that stays.
        let least = kept.reduce(-2) { $0 + ($1.alignment == .right ? 30 : 8) + 2 }
        if least <= width { #expect(!isTooLong, "\(lines)") }
      }
    }
    #expect(table.text(width: nil) == table.text && table.hidden(width: nil) == [])
    #expect(table.text(width: 10_000) == table.text)
  }

  @Test func `what is cut says so`() {
    var table = Table([Table.Column("NAME"), Table.Column("NUMBER", .right), Table.Column("LOSS", .right, rank: 1)])
    table.append(["a name of some length", "12", "0.5"])
    #expect(table.text(width: 22) == "NAME            NUMBER\na name of s...      12\n")
    #expect(table.hidden(width: 22) == ["LOSS"])
  }
}
