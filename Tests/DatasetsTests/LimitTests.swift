import Basics
import Foundation
import Images
import Runs
import Testing

@testable import Datasets
@testable import Spec

@Suite struct LimitTests {
  private func files(_ count: Int) -> [ImageFile] { (0..<count).map { ImageFile(path: String(format: "%04d.png", $0)) } }

  private func chosen(_ count: Int, of files: [ImageFile], seed: UInt64? = nil, broken: [String] = []) -> [String] {
    var (spec, files) = (DataSpec(folder: "", path: "", resolution: 4), files)
    (spec.limit, spec.limitSeed) = (count, seed)
    ImageLimit(spec)!.apply(to: &files, broken: Set(broken.map { ByteText($0) }))
    return files.filter { $0.skipReason == nil }.map(\.path)
  }

  @Test(arguments: [2, 7, 100, 640, 700]) func `so many images stay, the same each time, others for another seed`(count: Int) {
    let all = files(641)
    let some = chosen(count, of: all)
    #expect(some.count == min(count, 641) && chosen(count, of: all) == some && chosen(count, of: all, seed: 0) == some)
    #expect((chosen(count, of: all, seed: 1) == some) == (count >= 641))
    // More of them have the fewer among them.
    #expect(Set(chosen(2, of: all)).isSubset(of: some))
  }

  @Test func `another takes the place of one that cannot be used, and what is left out already is no candidate`() {
    var all = files(50)
    let some = chosen(10, of: all)
    let others = chosen(11, of: all, broken: [some[3]]).filter { $0 != some[3] }
    #expect(others.count == 11 && Set(some).subtracting([some[3]]).isSubset(of: others))
    all[5].skipReason = .folder
    #expect(!chosen(49, of: all).contains("0005.png") && chosen(49, of: all).count == 49)
  }

  @Test func `without a limit all stay`() { #expect(ImageLimit(DataSpec(folder: "", path: "", resolution: 4)) == nil) }
}
