import Testing

@testable import Basics

@Suite struct EditDistanceTests {
  @Test(arguments: [
    ("", "", 0), ("a", "", 1), ("rate", "rte", 1), ("rate", "raet", 1), ("kitten", "sitting", 3), ("abc", "cab", 2), ("ä", "a", 1),
  ])
  func `the distance counts letters, and a swap once`(a: String, b: String, distance: Int) {
    #expect(EditDistance.between(a, b) == distance)
    #expect(EditDistance.between(b, a) == distance)
  }

  @Test(arguments: [
    ("learning_rte", "rate"), ("learning-rate", "rate"), ("Rate", "rate"), ("beta_1", "beta1"), ("espilon", "epsilon"),
    ("rates", "rate"), ("bta2", "beta2"),
  ])
  func `a misspelt word finds the one that was meant`(word: String, meant: String) {
    #expect(EditDistance.closest(to: word, among: ["rate", "beta1", "beta2", "epsilon"]) == meant)
  }

  @Test(arguments: ["color", "x", "", "momentum"])
  func `a strange word finds nothing`(word: String) {
    #expect(EditDistance.closest(to: word, among: ["rate", "beta1", "beta2", "epsilon"]) == nil)
  }

  @Test func `a word of a megabyte is not compared`() {
    let word = String(repeating: "rate", count: 250_000)
    #expect(EditDistance.closest(to: word, among: [word]) == nil)
  }
}
