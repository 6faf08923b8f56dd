import Spec
import Testing

@testable import Comparison

@Suite struct SpecDifferenceTests {
  private func settings(_ yaml: String) throws -> SpecSettings { try SpecSettings(Array(yaml.utf8), file: "spec.yaml") }

  private func changes(_ first: String, _ second: String) throws -> [SpecDifference.Change] {
    SpecDifference(try settings(first), try settings(second)).changes
  }

  @Test func `equal specs have no difference, whatever their order`() throws {
    #expect(try changes("a: 1\nb: {c: [1, 2]}\n", "b: {c: [1, 2]}\na: 1\n").isEmpty)
  }

  @Test func `changed, removed and added settings stand in the order of the specs`() throws {
    let found = try changes(
      "name: a\nloss:\n  drift: 1\n  penalty: 10\nseed: 0\n",
      "first: yes\nname: b\nloss:\n  gradient: 2\n  penalty: 10\nseed: 1\nlast: 5\n")
    #expect(
      found == [
        .init(path: "first", first: nil, second: "yes"), .init(path: "name", first: "a", second: "b"),
        .init(path: "loss.gradient", first: nil, second: "2"), .init(path: "loss.drift", first: "1", second: nil),
        .init(path: "seed", first: "0", second: "1"), .init(path: "last", first: nil, second: "5"),
      ])
  }

  @Test func `a longer schedule has more phases`() throws {
    let one = "phases:\n  - {resolution: 4, hold: 10}\n"
    let found = try changes(one, one + "  - {resolution: 8, hold: 20}\n")
    #expect(found.map(\.path) == ["phases.1.resolution", "phases.1.hold"])
    #expect(found.allSatisfy { $0.first == nil })
  }

  @Test func `exchanging the specs exchanges the values`() throws {
    let (a, b) = ("a: 1\nb: 2\nc: 3\n", "b: 5\nc: 3\nd: 4\n")
    let (there, back) = (try changes(a, b), try changes(b, a))
    #expect(Set(there.map(\.path)) == Set(back.map(\.path)) && there.count == 3)
    for change in there {
      let other = try #require(back.first { $0.path == change.path })
      #expect((change.first, change.second) == (other.second, other.first))
    }
  }
}
