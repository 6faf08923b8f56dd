import Basics
import Foundation
import Testing

/// A sweep over a whole map: one parameter wherever it is shown.
@Suite struct SweptMapTests {
  @Test func `augmentation is one column of tables, of the report and of the status`() throws {
    let scratch = try Scratch()
    try scratch.writeTinySweep(
      """
      parameters: {data.augment: {values: [{}, {contrast: {}}, {contrast: {factor: [1, 3]}, horizontal_flip: {}}]}}
      overrides: ["schedule.phases=[{resolution: 4, hold: 2}]", "generator.widths=[4]", "discriminator.widths=[4]", data.resolution=4]
      objective: {metric: nearest}
      """)
    #expect(try Program.run("sweep", "tiny.sweep.yaml", "--quiet", in: scratch).exitCode == 0)
    let values = ["{}", "{contrast: {}}", "{contrast: {factor: [1, 3]}, horizontal_flip: {}}"]
    #expect(try scratch.trials().map { $0["data.augment"]! } == values)
    let csv = try Program.run("compare", "tiny", "--csv", "-", in: scratch)
    let table = try CSVTable(Array(csv.output.utf8))
    #expect(table[column: "params.data.augment"]?.map(CSV.unguarded) == values, "\(csv.output) \(csv.errors)")
    #expect(!table.columns.contains { $0.hasPrefix("params.data.augment.") })
    let shown = try Program.run("compare", "tiny", in: scratch)
    #expect(shown.output.contains("DATA.AUGMENT") && shown.output.contains("{contrast: {}}"), "\(shown.output)")
    #expect(try Program.run("report", "tiny", "--out", "page.html", in: scratch).exitCode == 0)
    let page = try scratch.text("page.html")
    #expect(page.contains("{contrast: {}}") && !page.contains("data.augment.contrast"))
    let status = try Program.run("sweep", "status", "tiny", in: scratch)
    #expect(status.output.contains("data.augment") && status.output.contains("{contrast: {}}"), "\(status.output)")
  }
}
